// Every text of the page in German.

import { formatsFor } from "./formats.js";

const formats = formatsFor("de-DE");
const { percent, probability, exactPercent, change, whole, one, weight, megabytes } = formats;

const headline = {
  kicker: "Das Gesicht zeigt",
  guess: "Nicht sicher; am ehesten",
  begin: "Ein Bild wählen, dann geht es los.",
  waiting: "Das Bild wird ausgewertet, sobald das Netz da ist.",
  working: "Gesichter werden gesucht.",
  noFace: "Kein Gesicht gefunden",
  noFaceNote:
    "Gefunden wird ein Gesicht, das ungefähr in die Kamera sieht, nicht kopfsteht und mindestens ein Achtel der Bildbreite einnimmt.",
  failed: "Kein Ergebnis: siehe den Hinweis oben.",
};

/** @type {typeof import("./en.js").texts} */
export const texts = {
  name: "Deutsch",
  locale: "de-DE",
  direction: "ltr",
  formats,

  page: {
    title: "DACL: Gesichtsausdrücke mit ihren Aufmerksamkeitsgewichten",
    skip: "Zum Ergebnis springen",
    question: "Welchen Ausdruck zeigt ein Gesicht, und auf welche Merkmale achtet das Netz?",
    promise: "Nichts verlässt Ihren Rechner",
    language: "Sprache",
    notices: "Hinweise",
  },

  stage: {
    title: "Bild",
    drop: "Ein Bild oder Video mit einem Gesicht hier ablegen",
    otherWays: "oder eines wählen oder einfügen, die Kamera starten oder ein Beispiel nehmen",
    choose: "Bild oder Video wählen",
    boxes: "Im Bild gefundene Gesichter",
    samples: "Beispiele",
    sample: (expression) => `Beispiel: ${expression}`,
    picture: (name) => `Bild: ${name}`,
    stopped: "Beendet.",
  },

  camera: {
    start: "Kamera starten",
    opening: "Die Kamera wird geöffnet …",
    stop: "Kamera beenden",
    switch: "Kamera wechseln",
    runs: "Die Kamera läuft.",
    waiting: "Die Kamera läuft; das Netz wird noch geladen.",
    alternative: "Kamerabild",
    whichever: { user: "Vordere, sonst irgendeine", environment: "Hintere, sonst irgendeine" },
    unnamed: (number) => `Kamera ${number}`,
  },

  video: {
    title: "Video",
    play: "Abspielen",
    pause: "Anhalten",
    position: "Stelle im Video",
    alternative: (name) => `Video: ${name}`,
    runs: "Das Video läuft.",
    waiting: "Das Video ist da; das Netz wird noch geladen.",
    spoken: (seconds, length) => `${whole(seconds)} von ${whole(length)} Sekunden`,
  },

  loading: {
    begin: "Es wird geladen",
    program: "Programm",
    manifest: "Das Netz wird geladen",
    labels: "Netz",
    attention: "Aufmerksamkeitszweig",
    device: "Nach der Grafikkarte wird gefragt",
    "warm-up": "Das Netz läuft warm",
    bytes: (what, loaded) => `${what} ${megabytes(loaded)}`,
    bytesOf: (what, loaded, total) => `${what} ${one(loaded / 1e6)} von ${megabytes(total)}`,
  },

  expressions: {
    neutral: "neutral",
    happy: "Freude",
    sad: "Trauer",
    surprise: "Überraschung",
    fear: "Angst",
    disgust: "Ekel",
    anger: "Ärger",
  },

  headline,

  certainty: {
    beyond: () => "Zu mehr als 99 % sicher",
    clear: (share) => `Zu ${probability(share)} sicher`,
    likely: (share, next, nextShare) => `Zu ${probability(share)} sicher; dann kommt: ${next} (${probability(nextShare)})`,
  },

  doubts: {
    probability: (share, limit, next, nextShare) =>
      `Dafür sprechen nur ${probability(share)}, und unter ${percent(limit)} irrt das Netz zu oft; dann kommt: ${next} (${probability(nextShare)}).`,
    distance: (name, distance, limit) =>
      `Dieses Gesicht gleicht keinem, das das Netz unter „${name}“ kennt: Sein Abstand von deren Mitte ist ${weight(distance)}, mehr als ${weight(limit)}.`,
  },

  hints: {
    small: "Das Gesicht ist klein: weniger als die 48 Bildpunkte, an denen das Netz gelernt hat.",
    dark: "Das Gesicht ist dunkel: Mehr Licht hilft vielleicht.",
    cut: "Ein Teil des Gesichts liegt außerhalb des Bildes.",
    hard: "Das Gesicht war kaum als eines zu erkennen: Es ist vielleicht abgewandt, verdeckt oder unscharf.",
  },

  result: {
    title: "Ergebnis",
    whichFace: "Welches Gesicht",
    probabilities: "Wahrscheinlichkeiten",
    face: (number) => `Gesicht ${number}`,
    box: (label, share) => `${label} ${probability(share)}`,
    guess: (label, share) => `Nicht sicher: ${label}? ${probability(share)}`,
    announcement: (faces, kicker, label, note) =>
      `${faces === 1 ? "Ein Gesicht gefunden." : `${faces} Gesichter gefunden.`} ${kicker}: ${label}.${note && ` ${note}${note.endsWith(".") ? "" : "."}`}`,
  },

  attention: {
    title: "Aufmerksamkeitsgewichte",
    strongest: "Die fünf stärksten Merkmale",
    all: "Alle Gewichte als Zahlen",
    table: "Tabelle der Aufmerksamkeitsgewichte",
    loading: "Die Gewichte erscheinen hier, sobald sie geladen sind.",
    failed: "Nicht verfügbar: siehe den Hinweis oben.",
    empty: "Wärmebild der Aufmerksamkeitsgewichte: noch nichts zu zeigen",
    order: "Geordnet nach",
    byFeature: "den Merkmalen",
    byWeight: "ihren Gewichten",
    byDifference: "ihrem Unterschied vom Mittel des Ausdrucks",
    summary: (count, mean, spread) =>
      `${count} Gewichte, Zeile für Zeile; Mittel ${weight(mean)}, Standardabweichung ${weight(spread)}.`,
    beside: (name, mean, apart) =>
      `Gesichter mit dem Ausdruck „${name}“ haben im Mittel ${weight(mean)}; die Gewichte dieses Gesichts liegen ${weight(apart)} von ihren entfernt (quadratisches Mittel).`,
    alternative: (count, low, high, strongest) =>
      `Wärmebild von ${count} Aufmerksamkeitsgewichten zwischen ${weight(low)} und ${weight(high)}. Am stärksten: ${strongest}.`,
    feature: (index, value) => `Merkmal ${index}: ${weight(value)}`,
  },

  evidence: {
    summary: "Wo im Gesicht, und warum kein anderer Ausdruck",
    on: "Über dem Gesicht zeigen, was für die Bezeichnung spricht",
    strength: "Stärke der Farbe",
    least: "nichts",
    most: "das meiste in diesem Gesicht",
    other: "Warum nicht",
    none: "einen Ausdruck wählen",
    later: "Die Karten kommen mit den Aufmerksamkeitsgewichten.",
    text: "Die Farbe zeigt, wo im Gesicht Merkmale liegen, die für einen Ausdruck sprechen, jedes mit seiner Aufmerksamkeit gewichtet. Gezeigt wird nur, was dafür spricht, auf einem groben Raster: Es sagt, wo das Netz etwas gefunden hat, nicht was.",
    map: (name) => `Das Gesicht und was für „${name}“ spricht`,
    lead: (own, other) =>
      `Was am meisten für „${own}“ und gegen „${other}“ spricht: womit das Merkmal das Verhältnis der beiden malnimmt und um wie viel es ihre Wahrscheinlichkeiten ändert.`,
    part: (feature, odds, own, gain, other, loss) =>
      `Merkmal ${feature}: × ${weight(odds)}; ${own} ${change(gain)}, ${other} ${change(loss)}`,
    noPart: "kein Merkmal dieses Gesichts",
  },

  meaning: {
    summary: "Was diese Zahlen sind und was nicht",
    empty: "Noch nichts zu zeichnen",
    text: "Das Netz beschreibt ein Gesicht durch 512 Merkmale, und die Bezeichnung folgt allein aus diesen. Jedes Gewicht sagt, wie viel sein Merkmal zählt, wenn das Gesicht mit der Mitte der Gesichter eines Ausdrucks verglichen wird: Zu dieser zieht sie das Training. Ein Gewicht hat keinen Namen in menschlichen Begriffen, ist kein Grund für die Bezeichnung und sagt nichts darüber, was der Mensch fühlt.",
    alternative: "Vom Gesicht zu seinen Merkmalen und von den Merkmalen zur Bezeichnung; darunter die Gewichte derselben Merkmale, die nur zum Abstand von der Mitte führen",
    face: "Gesicht",
    features: "Merkmale (12 von 512)",
    weights: "ihre Gewichte",
    label: "Name",
    centre: "Abstand",
  },

  timeline: {
    title: "Die letzte Minute",
    label: "Zeitverlauf der Wahrscheinlichkeiten",
    minuteAgo: "vor 60 s",
    halfMinute: "30 s",
    now: "jetzt",
    numbers: "Die Minute in Zahlen",
    unsure: "nicht sicher",
    empty: "Sie füllt sich, während ein Gesicht verfolgt wird.",
    share: (name, share) => `${name} ${percent(share)}`,
    words: (seconds, shares, changes) =>
      `In den letzten ${whole(seconds)} s genannt: ${shares} der Zeit; die Bezeichnung wechselte ${changes === 1 ? "einmal" : `${changes}-mal`}.`,
    expression: "Ausdruck",
    named: "Genannt",
    mean: "Mittel",
    highest: "Höchstens",
  },

  settings: {
    title: "Mehr",
    summary: "Kamera und Glättung",
    camera: "Kamera",
    size: "Größe ihres Bildes",
    small: "klein, 480 Zeilen",
    medium: "mittel, 720 Zeilen",
    large: "groß, 1080 Zeilen",
    mirror: "Wie im Spiegel zeigen",
    steadiness: "Ruhige Bezeichnungen",
    off: "aus",
    note: "Für Kamera und Video: Die Wahrscheinlichkeiten werden über die Zeit geglättet, und die Bezeichnung wechselt nur, wenn eine andere deutlich oder eine Weile führt.",
  },

  teach: {
    summary: "Ihr Gesicht beibringen",
    text: "Nehmen Sie von jedem Ausdruck, den Sie wählen, mit der Kamera einige Sekunden auf. Die Mitten dieser Ausdrücke wandern dann auf Ihr Gesicht zu, nach der Regel, nach der sie im Training gewandert sind, und entscheiden zwischen den aufgenommenen Ausdrücken, soweit das hilft. Gelernt wird, wie Sie diese Ausdrücke absichtlich zeigen, in diesem Licht; nicht, was Sie fühlen, und nichts über andere.",
    record: "Aufnehmen",
    recordOne: (name) => `${name} aufnehmen`,
    show: (name) => `Zeigen Sie einige Sekunden lang: ${name}.`,
    recording: "wird aufgenommen …",
    frames: (count) => `${whole(count)} Bilder`,
    recorded: (name, count) => `Aufgenommen: ${name}, ${whole(count)} Bilder.`,
    givenUp: "Nicht aufgenommen: zu wenige Bilder mit einem Gesicht und seinen Aufmerksamkeitsgewichten.",
    learn: "Aus den Aufnahmen lernen",
    learnt: "Gelernt und in diesem Browser behalten.",
    figures: (names, frames, before, after, weight) =>
      `Gelernt: ${names}. Von ${whole(frames)} zurückgehaltenen Bildern wurden vorher ${percent(before)} so genannt wie aufgenommen, nachher ${percent(after)} (Gewicht der Abstände: ${whole(weight)}). Sie stammen aus denselben Sekunden: An einem anderen Tag wird es weniger sein.`,
    noHelp: (names, frames, before) =>
      `Aufgenommen: ${names}. Die Abstände helfen nicht, daher ist ihr Gewicht 0, und nichts ändert sich: Von ${whole(frames)} zurückgehaltenen Bildern werden ${percent(before)} so genannt wie aufgenommen.`,
    use: "Gelerntes verwenden",
    inUse: "Was von Ihrem Gesicht gelernt wurde, spricht hier mit.",
    save: "In eine Datei speichern",
    bring: "Eine Datei mitbringen",
    brought: "Die Datei wurde übernommen.",
    delete: "Alles davon löschen",
    deleted: "Alles davon ist gelöscht, in diesem Tab und im Browser.",
    kept: "Das Gelernte bleibt in diesem Browser, bis Sie es löschen: 512 Zahlen für jeden Ausdruck, kein Bild. Die Aufnahmen sind mit diesem Tab vergessen.",
  },

  record: {
    start: "Video aufnehmen (WebM)",
    stop: "Aufnahme beenden und speichern",
    runs: "Kamera oder Video werden aufgenommen, mit Rahmen und Bezeichnungen.",
    note: "Eine Aufnahme von Kamera oder Video, mit Rahmen und Bezeichnungen und ohne Ton, entsteht in diesem Tab; sie endet spätestens nach zehn Minuten.",
    unable: "Dieser Browser kann das Video nicht aufnehmen: Er hat keinen Rekorder für WebM. Bilder und Vorhersagen lassen sich speichern.",
  },

  keep: {
    summary: "Behalten und teilen",
    picture: "Bild speichern (PNG)",
    csv: "Vorhersagen speichern (CSV)",
    json: "Vorhersagen speichern (JSON)",
    forget: "Vorhersagen vergessen",
    link: "Link zu diesen Einstellungen; von einem Bild steht nichts darin",
    copy: "Link kopieren",
    none: "Noch keine Vorhersagen.",
    count: (pictures, faces, isFull) =>
      `${isFull ? "Die neuesten: " : ""}${whole(faces)} ${faces === 1 ? "Gesicht" : "Gesichter"} aus ` +
      `${whole(pictures)} ${pictures === 1 ? "Bild" : "Bildern"}, nur in diesem Tab.`,
    saved: (name) => `Gespeichert als ${name}.`,
    forgotten: "Die Vorhersagen sind vergessen.",
    copied: "Der Link ist kopiert.",
    copyByHand: "Der Browser lässt die Seite nicht kopieren: Der Link ist markiert, bitte mit Tastatur oder Menü kopieren.",
  },

  status: {
    title: "Wie es läuft",
    loading: "wird geladen",
    failed: "läuft nicht",
    backend: "Rechnet mit",
    adapter: "Adapter",
    offline: "Ohne Netzverbindung",
    stored: "geht es",
    storing: "wird vorbereitet",
    "not-stored": "geht es nicht",
    rate: "Tempo",
    pace: (perSecond) => `${one(perSecond)} Bilder/s`,
    choice: "Recheneinheit",
    automatic: "Automatisch",
    reasons: {
      "cpu-asked": "Die CPU war gewünscht.",
      "webgpu-absent": "Dieser Browser bietet kein WebGPU.",
      "adapter-absent": "Dieser Browser hat WebGPU, aber keinen Adapter dafür: Der Grafiktreiber fehlt womöglich oder ist gesperrt.",
      "program-for-cpu": "Dieser Browser hat WebGPU, aber das Programm dafür war nicht zu laden: das kleinere für die CPU ist an seine Stelle getreten.",
      "adapter-software": "Der einzige WebGPU-Adapter ist einer in Software und langsamer als die CPU selbst.",
      "device-refused": "WebGPU ist da, gibt aber kein Gerät.",
      "device-failed": "Die GPU hat versagt: Die CPU ist an ihre Stelle getreten.",
      "webgpu-software": "WebGPU war gewünscht; sein Adapter ist einer in Software und langsam.",
      "webgpu-hardware": "WebGPU hat einen Adapter in Hardware.",
    },
  },

  times: {
    summary: "Zeiten im Einzelnen",
    part: "Teil, in ms",
    now: "Jetzt",
    first: "Zuerst",
    median: "Median",
    p90: "90 % bis",
    findMs: "Gesichter finden",
    cropMs: "Ausschneiden",
    networkMs: "Netz",
    totalMs: "Gesamt",
    memory: "Speicher des Programms",
    note: (count, searched) =>
      `Median und 90 % der letzten ${whole(count)} ${count === 1 ? "Auswertung" : "Auswertungen"}; ` +
      (searched === count ? "in jeder wurden Gesichter gesucht." : `in ${whole(searched)} davon wurden Gesichter gesucht, in den anderen verfolgt.`),
  },

  bench: {
    title: "DACL: Wie schnell ist dieser Rechner?",
    heading: "Wie schnell ist dieser Rechner?",
    line: "Das Netz mit einem Bild auf einmal, wie die Seite es verwendet.",
    link: "Wie schnell ist dieser Rechner?",
    back: "Zurück zur Seite",
    measure: "Messen",
    note: "Es dauert Sekunden bis Minuten. Nichts anderes sollte den Rechner unterdessen beschäftigen. Das Ergebnis bleibt hier, bis Sie es kopieren.",
    start: "Messung starten",
    run: (done, all) => `${whole(done)} von ${whole(all)} Auswertungen`,
    done: "Gemessen.",
    failed: "Nicht gemessen: siehe den Hinweis oben.",
    result: "Messergebnis",
    on: (backend, adapter) => `${backend}, ${adapter}`,
    software: "Das sind die Zeiten eines Adapters in Software. Über WebGPU auf einer Grafikkarte sagen sie nichts.",
    ready: "Bereit nach",
    json: "Alles als JSON",
    copy: "Ergebnis kopieren",
    copied: "Das Ergebnis ist kopiert.",
    copyByHand: "Der Browser lässt die Seite nicht kopieren: Das Ergebnis ist markiert, bitte mit Tastatur oder Menü kopieren.",
  },

  about: {
    title: "Über diese Seite",
    what: "Was das ist",
    whatText:
      "Eine SeetaFace-Kaskade findet die Gesichter in einem Bild, und ein ResNet-18, trainiert mit Deep Attentive Center Loss, nennt für jedes, welchen von sieben Ausdrücken es zeigt: neutral, Freude, Trauer, Überraschung, Angst, Ekel oder Ärger. Zu jedem gibt es eine Wahrscheinlichkeit an, denn es ist oft unsicher, und Menschen sind es auch.",
    not: "Was es nicht ist",
    notText:
      "Es liest keine Gefühle. Ein Lächeln kann man ohne Freude zeigen und traurig sein ohne ein Zeichen davon. Es sieht ein Bild ohne dessen Geschichte, irrt häufiger bei Gesichtern, die denen im Training nicht gleichen, und niemand sollte danach beurteilt werden.",
    weights: "Was die Gewichte bedeuten",
    weightsText:
      "Das Netz beschreibt ein Gesicht durch 512 Merkmale. Sein Aufmerksamkeitszweig gibt jedem davon ein Gewicht zwischen 0 und 1: wie viel dieses Merkmal im Training zählte, wenn Gesichter mit demselben Ausdruck zueinander gezogen wurden. Die Bezeichnung selbst folgt aus allen Merkmalen, nicht aus diesen Gewichten.",
    privacy: "Nichts verlässt Ihren Rechner",
    privacyText:
      "Bilder, Videos und Kamerabilder werden in diesem Browser ausgewertet und weder gesendet noch behalten. Die vorhergesagten Zahlen bleiben in diesem Tab, bis er geschlossen wird, damit Sie sie speichern können. Nur wenn Sie dem Netz Ihr Gesicht beibringen, bleiben Zahlen davon in diesem Browser, bis Sie sie löschen. Die Seite lädt ihre eigenen Dateien und fragt keinen anderen Server nach irgendetwas.",
    method: "Verfahren:",
    accuracy: (accuracy, dataset) => `Gemessene Genauigkeit: ${exactPercent(accuracy)} (${dataset}).`,
  },

  failures: {
    "file-unreachable": (subject) => `Unter ${subject} antwortet niemand.`,
    "file-refused": (subject) => `Der Server gibt ${subject} nicht heraus.`,
    "file-empty": (subject) => `Die Antwort des Servers ist leer: ${subject}.`,
    "no-address": () => "Das Programm bekam seine Dateien als Bytes und kennt darum keine Adresse.",
    "file-length": (subject) => `${subject} ist abgeschnitten oder gehört zu einer anderen Version.`,
    "file-altered": (subject) => `${subject} hat einen anderen Inhalt, als das Verzeichnis sagt.`,
    "manifest-unreadable": () => "Das Verzeichnis der Gewichte ist nicht lesbar.",
    "manifest-version": () => "Die Gewichte gehören zu einer anderen Version als das Programm: Beide müssen aus einer Ausgabe stammen.",
    "manifest-wrong": () => "Im Verzeichnis der Gewichte steht, was nicht sein kann.",
    "weights-unreadable": () => "Eine Datei mit Gewichten ist nicht so, wie sie sein muss.",
    "weights-unfit": () => "Die Gewichte passen nicht zu dem Netz, das ihr Verzeichnis beschreibt.",
    "face-finder": () => "Das Modell der Gesichtssuche, ein Teil des Programms, ist beschädigt.",
    "pixels-missing": () => "Bildpunkte und Größe des Bildes gehören nicht zusammen.",
    "gpu-taken": () => "Der Browser hat der Seite die Grafikkarte genommen.",
    "no-answer": () => "Das Gerät gab keine Antwort.",
    "no-such-back-end": (subject) => `Eine Recheneinheit „${subject}“ gibt es nicht.`,
    "no-bytes": (subject) => `Was als ${subject} gegeben wurde, sind keine Bytes.`,
    "boxes-torn": () => "Die Stellen der Gesichter sind unvollständig.",
  },

  report: {
    summary: "Bericht für Entwickler",
    copy: "Bericht kopieren",
    copied: "Der Bericht ist kopiert.",
    copyByHand: "Der Browser lässt die Seite nicht kopieren: Der Bericht ist markiert, bitte mit Tastatur oder Menü kopieren.",
  },

  actions: {
    "use-cpu": "Mit der CPU rechnen",
    "use-webgpu": "Mit WebGPU rechnen",
    reload: "Seite neu laden",
    "retry-attention": "Noch einmal versuchen",
    "retry-camera": "Noch einmal versuchen",
    "take-over": "Neue Version verwenden",
    dismiss: "Schließen",
  },

  notices: {
    "webgpu-unavailable": {
      title: "WebGPU ist nicht verfügbar",
      text: "Dieser Browser oder dieser Rechner bietet kein WebGPU, das die Adresse verlangt. Das Netz läuft auch auf der CPU.",
    },
    "weights-missing": {
      title: "Die Gewichte fehlen",
      text: "Die Gewichte des Netzes konnten nicht geholt werden, daher lässt sich kein Ausdruck nennen. Bitte die Verbindung prüfen und neu laden.",
    },
    "weights-altered": {
      title: "Die Gewichte wurden verändert",
      text: "Eine Datei mit Gewichten ist anders, als ihr Verzeichnis verspricht, und wird nicht verwendet. Bitte neu laden; bleibt es dabei, ist die Kopie dieser Seite beschädigt.",
    },
    "weights-invalid": {
      title: "Die Gewichte sind nicht brauchbar",
      text: "Die Gewichte haben nicht die Form, die diese Version der Seite liest.",
    },
    "argument-invalid": {
      title: "Die Seite hat etwas verlangt, das es nicht gibt",
      text: "Das Programm nennt diesen Grund:",
    },
    "device-lost": {
      title: "Die Grafikkarte ist weggefallen",
      text: "Der Browser hat sie der Seite genommen, wie nach einem Neustart des Treibers oder wenn der Speicher knapp wird. Bitte neu laden oder mit der CPU weitermachen.",
    },
    "device-lost-again": {
      title: "Die Grafikkarte ist weggefallen und wird noch einmal angefordert",
      text: "Der Browser hat sie der Seite genommen, wie nach einem Neustart des Treibers oder wenn der Speicher knapp wird. Bis sie wieder da ist, antwortet die CPU; es ist nichts zu tun.",
    },
    "device-lost-cpu": {
      title: "Die Grafikkarte ist weggefallen: Die CPU macht weiter",
      text: "Sie kam nicht wieder oder fiel noch einmal weg. Auf der CPU sind die Antworten dieselben und dauern vielleicht länger. Neu laden versucht die Grafikkarte noch einmal.",
    },
    panic: {
      title: "Das Programm ist stehen geblieben",
      text: "Etwas ging schief, das nicht schiefgehen sollte. Ihre Bilder sind weiterhin nur hier. Bitte die Seite neu laden oder die andere Recheneinheit versuchen.",
    },
    "program-missing": {
      title: "Das Programm konnte nicht geladen werden",
      text: "Ein Teil dieser Seite kam nicht an oder startete nicht. Bitte die Verbindung prüfen und neu laden.",
    },
    "program-unsupported": {
      title: "Dieser Browser ist zu alt",
      text: "Er kann das Programm des Netzes nicht ausführen (WebAssembly mit SIMD). Jeder aktuelle Chrome, Edge, Firefox oder Safari kann es.",
    },
    "browser-canvas": {
      title: "Kein Speicher für das Bild",
      text: "Der Browser konnte keine Zeichenfläche für das Bild anlegen. Bitte andere Tabs schließen oder ein kleineres Bild wählen.",
    },
    "picture-unreadable": {
      title: "Das ist kein Bild, das der Browser lesen kann",
      text: "Die Datei ist vielleicht beschädigt oder von einer Art, die dieser Browser nicht kennt. JPEG, PNG und WebP gehen immer.",
    },
    "picture-too-large": {
      title: "Die Datei ist zu groß",
      text: "Bilder bis 64 MB werden gelesen. Bitte eine kleinere Kopie speichern und diese wählen.",
    },
    "video-unreadable": {
      title: "Das ist kein Video, das der Browser abspielen kann",
      text: "Die Datei ist vielleicht beschädigt oder von einer Art, die dieser Browser nicht kennt. MP4 (H.264) und WebM gehen fast immer.",
    },
    "file-unknown": {
      title: "Weder Bild noch Video",
      text: "Bitte ein Bild (JPEG, PNG, WebP) oder ein Video (MP4, WebM) wählen.",
    },
    "picture-invalid": {
      title: "Das Bild lässt sich nicht auswerten",
      text: "Das Netz hat dieses Bild abgelehnt.",
    },
    "samples-missing": {
      title: "Die Beispiele konnten nicht geladen werden",
      text: "Bitte ein eigenes Bild wählen oder die Kamera starten; alles andere geht.",
    },
    "parameter-sample": {
      title: "Dieses Beispiel gibt es nicht",
      text: "Die Adresse nennt ein Beispiel, das nicht hier ist. Unter dem Bild stehen die vorhandenen.",
    },
    "parameter-backend": {
      title: "Unbekannte Recheneinheit in der Adresse",
      text: "Möglich sind auto, webgpu und cpu. Die Seite hat selbst gewählt statt:",
    },
    "parameter-setting": {
      title: "Eine Einstellung in der Adresse ist nicht verständlich",
      text: "Die Seite nimmt ihre eigene statt:",
    },
    "parameter-weights": {
      title: "Gewichte von anderswo werden nicht geladen",
      text: "Die Adresse nennt Gewichte, die nicht auf dieser Seite liegen. Verwendet werden die mitgelieferten statt:",
    },
    "attention-failed": {
      title: "Nur Bezeichnungen: Die Aufmerksamkeitsgewichte wurden nicht geladen",
      text: "Ausdrücke und Wahrscheinlichkeiten sind auch ohne sie vollständig.",
    },
    "taught-unreadable": {
      title: "Das ist kein beigebrachtes Gesicht",
      text: "Was behalten oder mitgebracht wurde, ist beschädigt oder von anderer Art. Nichts davon wird verwendet.",
    },
    "taught-other-network": {
      title: "Das beigebrachte Gesicht gehört zu einem anderen Netz",
      text: "Seine Zahlen sagen den Gewichten, die hier geladen sind, nichts und werden nicht verwendet. Bitte neu beibringen oder löschen.",
    },
    "taught-not-kept": {
      title: "Der Browser behält das beigebrachte Gesicht nicht",
      text: "Es kann verwendet werden, bis dieser Tab geschlossen wird, und in eine Datei gespeichert werden. Der Browser nennt diesen Grund:",
    },
    "camera-denied": {
      title: "Die Kamera wurde verweigert",
      text: "Der Browser lässt diese Seite die Kamera nicht benutzen. Bitte in den Einstellungen der Website (Symbol neben der Adresse) erlauben; ist sie dort erlaubt, auch in den Datenschutzeinstellungen des Systems. Dann noch einmal versuchen.",
    },
    "camera-missing": {
      title: "Keine Kamera gefunden",
      text: "Bitte eine anschließen und noch einmal versuchen, oder stattdessen ein Bild wählen.",
    },
    "camera-busy": {
      title: "Die Kamera ist in Gebrauch",
      text: "Ein anderes Programm oder ein anderer Tab hält sie, oder ihr Treiber hat versagt. Bitte das andere Programm schließen und noch einmal versuchen.",
    },
    "camera-unsuitable": {
      title: "Die Kamera passt nicht",
      text: "Die gewählte Kamera ist nicht mehr da oder gibt kein solches Bild. Noch einmal versuchen nimmt irgendeine, die passt.",
    },
    "camera-insecure": {
      title: "Keine Kamera unter dieser Adresse",
      text: "Browser geben die Kamera nur Seiten über https oder vom eigenen Rechner (localhost). Bilder und Videos gehen auch hier.",
    },
    "camera-unsupported": {
      title: "Dieser Browser gibt keine Kamera",
      text: "Er hat keine Kamera für Seiten, wie in Fenstern innerhalb anderer Apps. Bitte die Seite in Chrome, Edge, Firefox oder Safari öffnen oder ein Bild wählen.",
    },
    "camera-aborted": {
      title: "Die Kamera ist nicht angelaufen",
      text: "Das Gerät brach ab, während es geöffnet wurde. Bitte noch einmal versuchen.",
    },
    "camera-lost": {
      title: "Die Kamera ist weg",
      text: "Sie wurde abgezogen oder vom System genommen. Bitte anschließen und noch einmal starten.",
    },
    "camera-silent": {
      title: "Die Kamera gibt kein Bild",
      text: "Ihre Blende ist vielleicht geschlossen, oder ein anderes Programm hat sie genommen. Die Seite macht weiter, sobald wieder ein Bild kommt.",
    },
    "camera-unknown": {
      title: "Die Kamera konnte nicht gestartet werden",
      text: "Der Browser nennt diesen Grund:",
    },
    "update-ready": {
      title: "Eine neue Version dieser Seite ist bereit",
      text: "Sie gilt, sobald die Seite das nächste Mal geöffnet wird, oder jetzt: Dabei gehen das gezeigte Bild und die Vorhersagen dieser Sitzung verloren.",
    },
    "update-elsewhere": {
      title: "Ein anderer Tab ist zu einer neuen Version gewechselt",
      text: "Neu laden, um sie auch hier zu verwenden. Nicht gespeicherte Vorhersagen gehen dabei verloren.",
    },
    unexpected: {
      title: "Etwas ging schief",
      text: "Die Seite nennt diesen Grund:",
    },
  },
};
