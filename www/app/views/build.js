// Builds the page's views from the elements of index.html.

import { Announcer } from "./announcer.js";
import { AttentionView } from "./attention.js";
import { Boxes } from "./boxes.js";
import { element } from "./elements.js";
import { ExpressionView } from "./expression.js";
import { LoadingProgress } from "./progress.js";
import { ResultView } from "./result.js";
import { Stage } from "./stage.js";
import { Status } from "./status.js";

export function buildViews() {
  const status = new Status({ list: element("status", HTMLElement), reason: element("status-reason", HTMLElement) });
  const boxes = new Boxes(
    { overlay: element("boxes", HTMLElement), choice: element("face-choice", HTMLElement) },
    (index) => result.choose(index),
  );
  const result = new ResultView({
    panel: element("result", HTMLElement),
    expression: new ExpressionView({
      headline: element("headline", HTMLElement),
      kicker: element("headline-kicker", HTMLElement),
      label: element("headline-label", HTMLElement),
      note: element("headline-note", HTMLElement),
      bars: element("bars", HTMLElement),
    }),
    attention: new AttentionView({
      container: element("attention", HTMLElement),
      canvas: element("heat-map", HTMLCanvasElement),
      low: element("heat-low", HTMLElement),
      high: element("heat-high", HTMLElement),
      cell: element("heat-cell", HTMLElement),
      note: element("attention-note", HTMLElement),
      strongest: element("strongest", HTMLElement),
      values: element("attention-values", HTMLDetailsElement),
      table: element("attention-table", HTMLTableElement),
    }),
    boxes,
    status,
    announcer: new Announcer(element("announcer", HTMLElement)),
  });
  const stage = new Stage({
    stage: element("stage", HTMLElement),
    media: element("stage-media", HTMLElement),
    picture: element("picture", HTMLCanvasElement),
    video: element("video", HTMLVideoElement),
    note: element("stage-note", HTMLElement),
  });
  const loading = new LoadingProgress({
    container: element("loading", HTMLElement),
    text: element("loading-text", HTMLElement),
    bar: element("loading-bar", HTMLProgressElement),
  });
  return { loading, result, stage, status };
}
