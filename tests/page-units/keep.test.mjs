// What people keep and share: complete tables, and links with nothing but settings in them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Failure, joinedByCode } from "../../www/app/failure.js";
import { linkTo } from "../../www/app/keep/link.js";
import { MOST_PICTURES, Session, toCsv, toJson } from "../../www/app/keep/record.js";
import { fileName } from "../../www/app/keep/save.js";
import { readParameters } from "../../www/app/parameters.js";
import { readSettings } from "../../www/app/settings.js";
import { faceWith } from "./fixtures.mjs";

const CLASSES = ["neutral", "happy"];
const time = new Date("2025-03-04T05:06:07.890Z");
const face = (/** @type {Partial<import("./fixtures.mjs").Face>} */ own = {}) =>
  faceWith({ probabilities: Float32Array.of(0.25, 0.75), ...own });

test("the table has a row for each face, with the steady label beside what the picture alone gave", () => {
  const session = new Session();
  session.add({ time, source: "picture", faces: [face({ attention: Float32Array.of(0, 1) })] });
  session.add({
    time, source: "video", videoSeconds: 1.5, faces: [face({ number: 3, named: 0, measured: Float32Array.of(0.4, 0.6), distances: Float32Array.of(0.25, 1), doubts: ["probability", "distance"] })],
  });
  assert.deepEqual(toCsv(session.pictures, CLASSES).split("\r\n"), [
    "time,source,video_seconds,picture,face,label,not_sure,distance,likeliest,p_neutral,p_happy,attention_mean,attention_spread",
    "2025-03-04T05:06:07.890Z,picture,,1,1,happy,,,happy,0.250000,0.750000,0.500000,0.500000",
    "2025-03-04T05:06:07.890Z,video,1.500,2,3,neutral,probability+distance,0.250000,happy,0.400000,0.600000,,",
    "",
  ]);
});

test("JSON says the same and can be read back", () => {
  const session = new Session();
  session.add({ time, source: "camera", faces: [face({ attention: Float32Array.of(0, 1) }), face({ number: 2 })] });
  const { classes, pictures } = JSON.parse(toJson(session.pictures, CLASSES));
  assert.deepEqual(classes, CLASSES);
  assert.deepEqual(pictures[0].faces[0], {
    face: 1, label: "happy", notSure: [], distance: null, likeliest: "happy", probabilities: { neutral: 0.25, happy: 0.75 }, attention: { mean: 0.5, spread: 0.5 },
  });
  assert.equal(pictures[0].faces[1].attention, null);
  assert.equal("videoSeconds" in pictures[0], false);
});

test("names with commas and quotes stay one cell", () => {
  assert.match(toCsv([], ['a,"b"']), /,"p_a,""b""",/);
});

test("a picture that is analysed again when the attention arm arrives counts once", () => {
  const session = new Session();
  session.add({ time, source: "picture", faces: [face()], key: 1 });
  session.add({ time, source: "picture", faces: [face({ attention: Float32Array.of(1, 1) })], key: 1 });
  session.add({ time, source: "picture", faces: [face()], key: 2 });
  assert.deepEqual(session.count, { pictures: 2, faces: 2, isFull: false });
  assert.deepEqual(session.pictures.map(({ number }) => number), [1, 2]);
  assert.equal(session.pictures[0].faces[0].attentionMean, 1);
});

test("a long session keeps the newest pictures", () => {
  const session = new Session();
  for (let index = 0; index < MOST_PICTURES + 5; index += 1) session.add({ time, source: "camera", faces: [] });
  assert.equal(session.count.isFull, true);
  assert.equal(session.pictures[0].number, 6);
});

test("settings come back from their link, and nothing else stands in it", () => {
  const { settings } = readSettings(new URLSearchParams("camera=environment&lines=1080&mirror=off&steadiness=20"));
  settings.device = "secret-device";
  const link = linkTo("https://example.org/some/?name=me&sample=old#x", { granted: { backend: "cpu" }, settings, sample: "happy" });
  assert.equal(link, "https://example.org/some/?backend=cpu&camera=environment&lines=1080&mirror=off&steadiness=20&sample=happy");
  assert.deepEqual(readSettings(new URL(link).searchParams).settings, { ...settings, device: "" });
});

test("settings as the page has them by itself are left out", () => {
  const { settings } = readSettings(new URLSearchParams());
  assert.equal(linkTo("https://example.org/?lines=720", { granted: {}, settings, sample: undefined }), "https://example.org/");
});

test("what the address asks for in vain is in no link", () => {
  const base = "https://example.org/some/";
  const granted = (/** @type {string} */ query) => readParameters(new URLSearchParams(query), base).granted;
  assert.deepEqual(granted("backend=webgpu&weights=other/"), { backend: "webgpu", weights: "other/" });
  assert.deepEqual(granted("backend=gpu&weights=https://elsewhere.org/w/"), {});
  assert.deepEqual(granted("weights=http://"), {}, "no address at all");
  assert.deepEqual(granted(""), {});
});

test("what is not understood is told and changes nothing", () => {
  const { settings, refused } = readSettings(new URLSearchParams("lines=9&mirror=maybe&steadiness=101&camera="));
  assert.deepEqual(settings, readSettings(new URLSearchParams()).settings);
  assert.deepEqual(refused.map(({ code, detail }) => [code, detail]).sort(), [
    ["parameter-setting", "camera="],
    ["parameter-setting", "lines=9"],
    ["parameter-setting", "mirror=maybe"],
    ["parameter-setting", "steadiness=101"],
  ]);
});

test("of several settings that are not understood each is told in the one notice", () => {
  const { refused } = readSettings(new URLSearchParams("lines=9&mirror=maybe"));
  const told = joinedByCode([new Failure("parameter-backend", "gpu"), ...refused, new Failure("parameter-setting", "lang=tlh")]);
  assert.deepEqual(told.map(({ code, detail }) => [code, detail]), [
    ["parameter-backend", "gpu"],
    ["parameter-setting", "lines=9\nmirror=maybe\nlang=tlh"],
  ]);
});

test("files are named by time", () => {
  assert.equal(fileName("csv", new Date(2025, 2, 4, 5, 6, 7)), "dacl-2025-03-04-050607.csv");
});
