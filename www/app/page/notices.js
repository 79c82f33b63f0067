// The notices of a page, with what can be done about a failure on every page: reload, or take the other back end.

import { siteVersion } from "../offline.js";
import { element } from "../views/elements.js";
import { Notices } from "../views/notices.js";
import { reportOf } from "../views/report.js";

/**
 * @param {import("../engine/messages.js").Backend} asked back end that the address asks for
 * @param {object} page
 * @param {(link: HTMLAnchorElement) => void} page.writeLink gives a link to the other back end its address
 * @param {() => string} page.runsOn back end and adapter, for the report of a failure
 * @param {Partial<Record<import("../notices.js").ActionName, () => void>>} [page.actions] what else can be done here
 */
export function buildNotices(asked, { writeLink, runsOn, actions = {} }) {
  /** @type {import("../views/notices.js").Actions} */
  const all = { reload: { run: () => location.reload() } };
  if (asked === "cpu") all["use-webgpu"] = { backend: "webgpu" };
  else all["use-cpu"] = { backend: "cpu" };
  for (const [name, run] of Object.entries(actions)) all[/** @type {keyof typeof actions} */ (name)] = { run };
  return new Notices(element("notices", HTMLElement), all, writeLink, (failure) =>
    reportOf(failure, { version: siteVersion(), runsOn: runsOn(), browser: navigator.userAgent }),
  );
}
