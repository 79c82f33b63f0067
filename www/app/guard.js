// Lets the page begin where the browser has what it needs, and says so where it has not, where a part of the page does not arrive or where
// it fails as it begins. An ordinary script without imports, in words that old browsers know: when it is needed, the texts and the
// notices may be what is missing, so it brings its own. Nothing else of the page is asked for before it: program and weights are not
// fetched in vain.

(function () {
  /** In the languages of texts.js. */
  var TEXTS = {
    en: {
      oldTitle: "This browser cannot run the page",
      oldText:
        "It is too old, or a part of it is switched off. Update it, or open the page in a current Chrome, Edge, Firefox or Safari. " +
        "Missing here: ",
      tornTitle: "The page is incomplete",
      tornText: "A part of its program did not arrive. Check the connection and reload the page.",
      failedTitle: "The page could not begin",
      failedText: "Reload it. If that does not help, update the browser. The reason that it gives:",
      modules: "JavaScript modules",
      script: "JavaScript of 2022 or newer",
      wasm: "WebAssembly",
      simd: "WebAssembly with SIMD",
      workers: "workers made of modules",
      canvas: "OffscreenCanvas",
      bitmaps: "createImageBitmap",
      streams: "TransformStream",
    },
    de: {
      oldTitle: "Dieser Browser kann die Seite nicht ausführen",
      oldText:
        "Er ist zu alt, oder ein Teil von ihm ist abgeschaltet. Bitte aktualisieren oder die Seite in einem aktuellen Chrome, Edge, " +
        "Firefox oder Safari öffnen. Hier fehlt: ",
      tornTitle: "Die Seite ist unvollständig",
      tornText: "Ein Teil ihres Programms kam nicht an. Bitte die Verbindung prüfen und die Seite neu laden.",
      failedTitle: "Die Seite konnte nicht beginnen",
      failedText: "Bitte neu laden. Wenn das nicht hilft, den Browser aktualisieren. Er nennt diesen Grund:",
      modules: "JavaScript-Module",
      script: "JavaScript von 2022 oder neuer",
      wasm: "WebAssembly",
      simd: "WebAssembly mit SIMD",
      workers: "Worker aus Modulen",
      canvas: "OffscreenCanvas",
      bitmaps: "createImageBitmap",
      streams: "TransformStream",
    },
  };

  /** As language.js chooses: what the address asks for, else the first that the browser's owner reads and the page has. */
  function chooseLanguage() {
    var asked = /[?&]lang=([a-z]+)/.exec(location.search);
    var read = navigator.languages || [navigator.language || ""];
    var wanted = (asked ? [asked[1]] : []).concat(Array.prototype.slice.call(read));
    for (var at = 0; at < wanted.length; at += 1) {
      var language = wanted[at].toLowerCase().split("-")[0];
      if (Object.prototype.hasOwnProperty.call(TEXTS, language)) return /** @type {keyof TEXTS} */ (language);
    }
    return "en";
  }

  function hasModuleWorkers() {
    var isAsked = false;
    var options = {
      get type() {
        isAsked = true;
        return /** @type {WorkerType} */ ("module");
      },
    };
    try {
      // An address that cannot be: no worker is started, but a browser that knows the option has asked for it by then.
      new Worker("http://", options);
    } catch (error) {
      return isAsked;
    }
    return isAsked;
  }

  function hasSimd() {
    // A module with one function that gives a vector: i32.const 0, i8x16.splat.
    var head = [0, 97, 115, 109, 1, 0, 0, 0];
    var parts = [1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];
    return WebAssembly.validate(new Uint8Array(head.concat(parts)));
  }

  /** What the page cannot do without, by its name in the texts. */
  function missing() {
    var found = [];
    if (!("noModule" in HTMLScriptElement.prototype)) found.push("modules");
    if (!("hasOwn" in Object)) found.push("script");
    if (typeof WebAssembly !== "object") found.push("wasm");
    else if (!hasSimd()) found.push("simd");
    if (typeof Worker !== "function" || !hasModuleWorkers()) found.push("workers");
    if (!("OffscreenCanvas" in window)) found.push("canvas");
    if (!("createImageBitmap" in window)) found.push("bitmaps");
    if (!("TransformStream" in window)) found.push("streams");
    return /** @type {(keyof TEXTS["en"])[]} */ (found);
  }

  /**
   * @param {string} code
   * @param {string} language
   * @param {string} title
   * @param {string} text
   * @param {string} [detail] the browser's own words, which are English
   */
  function tell(code, language, title, text, detail) {
    var notice = document.createElement("div");
    notice.className = "notice";
    notice.setAttribute("lang", language);
    notice.setAttribute("role", "alert");
    notice.setAttribute("data-code", code);
    notice.setAttribute("data-kind", "error");
    var heading = document.createElement("h2");
    heading.className = "notice__title";
    heading.textContent = title;
    var words = document.createElement("p");
    words.className = "notice__text";
    words.textContent = text;
    var block = document.createElement("div");
    block.className = "notice__words";
    block.appendChild(heading);
    block.appendChild(words);
    if (detail) {
      var own = document.createElement("p");
      own.className = "notice__detail";
      own.setAttribute("lang", "en");
      own.setAttribute("translate", "no");
      own.textContent = detail;
      block.appendChild(own);
    }
    notice.appendChild(block);
    var notices = document.getElementById("notices");
    if (notices) notices.appendChild(notice);
    // Nothing of what it holds would work.
    var work = document.querySelector("main");
    if (work) work.hidden = true;
    document.body.setAttribute("data-engine", "failed");
  }

  var language = chooseLanguage();
  var texts = TEXTS[language];
  var lacks = missing();
  if (lacks.length > 0) {
    for (var at = 0, names = []; at < lacks.length; at += 1) names.push(texts[lacks[at]]);
    tell("browser-unsupported", language, texts.oldTitle, texts.oldText + names.join(", ") + ".");
    return;
  }
  var own = document.currentScript;
  var page = document.createElement("script");
  page.type = "module";
  // Told of a module that is missing, or imports one that is.
  page.onerror = function () {
    tell("page-incomplete", language, texts.tornTitle, texts.tornText);
  };
  // What is missing and was not looked for above shows up while the page's own program is run for the first time.
  window.onerror = function (message) {
    tell("page-failed", language, texts.failedTitle, texts.failedText, String(message));
  };
  page.onload = function () {
    window.onerror = null;
  };
  page.src = (own && own.getAttribute("data-page")) || "";
  document.body.appendChild(page);
})();
