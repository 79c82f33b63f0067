// Tells when the page's own modules do not arrive or are not understood. An ordinary script without imports, in words that old
// browsers know: when it is needed, the texts and the notices may be what is missing. So it speaks English only.

(function () {
  /** @param {string} title @param {string} text */
  function tell(title, text) {
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", function () {
        tell(title, text);
      });
      return;
    }
    var notice = document.createElement("div");
    notice.className = "notice";
    notice.setAttribute("lang", "en");
    notice.setAttribute("role", "alert");
    notice.setAttribute("data-code", "page-incomplete");
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
    notice.appendChild(block);
    var notices = document.getElementById("notices");
    if (notices) notices.appendChild(notice);
    var loading = document.getElementById("loading");
    if (loading) loading.hidden = true;
    document.body.setAttribute("data-engine", "failed");
  }

  if (!("noModule" in HTMLScriptElement.prototype)) {
    tell("This browser is too old", "The page needs JavaScript modules. Any current Chrome, Edge, Firefox or Safari has them.");
  }
  // A module that is missing, or imports one that is, is reported at its script element; such events do not bubble.
  addEventListener(
    "error",
    function (event) {
      if (!(event.target instanceof HTMLScriptElement)) return;
      tell("The page is incomplete", "A part of its program did not arrive. Check the connection and reload the page.");
    },
    true,
  );
})();
