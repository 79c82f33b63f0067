// What the page knows of its engine: its classes and limits, whether it can be asked, and on what it runs.

import { expressionName } from "../texts.js";

export class Known {
  /** @type {string[]} as the engine calls them */
  classes = [];
  /** @type {import("../doubt.js").Limits} */
  limits = { notSureBelow: 0, unlikeBeyond: Infinity };
  isReady = false;
  /** Back end and adapter, for the report of a failure. */
  runsOn = "not started";

  /** The classes in words. */
  get names() {
    return this.classes.map(expressionName);
  }

  /** @param {import("../engine/messages.js").EngineFacts} facts of an engine that can be asked now */
  learn(facts) {
    this.isReady = true;
    this.classes = facts.classes;
    this.limits = facts;
    this.runsOn = `${facts.backend}, ${facts.adapter}`;
    document.body.dataset.engine = "ready";
  }

  /** @param {"loading" | "failed"} state */
  forget(state) {
    this.isReady = false;
    document.body.dataset.engine = state;
  }
}
