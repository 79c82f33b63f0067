// Puts the texts of the visitor's language where index.html names them: data-text for what an element says, data-label for its name.

/**
 * @param {Document} page
 * @param {import("../texts/en.js").texts} texts
 */
export function writeTexts(page, texts) {
  page.documentElement.lang = texts.locale;
  page.documentElement.dir = texts.direction;
  for (const element of page.querySelectorAll("[data-text]")) element.textContent = textAt(texts, element.getAttribute("data-text"));
  for (const element of page.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", textAt(texts, element.getAttribute("data-label")));
  }
}

/**
 * @param {object} texts
 * @param {string | null} path such as "stage.drop"
 * @returns {string}
 */
export function textAt(texts, path) {
  const found = (path ?? "").split(".").reduce((part, key) => /** @type {any} */ (part)?.[key], /** @type {unknown} */ (texts));
  if (typeof found !== "string") throw new TypeError(`index.html asks for the text "${path}", which there is not`);
  return found;
}

/**
 * Marks the choice that holds now among links that differ in a parameter of the address.
 * @param {string} parameter
 * @param {string} value
 */
export function markCurrent(parameter, value) {
  const link = document.querySelector(`nav a[data-parameter="${parameter}"][data-value="${value}"]`);
  link?.setAttribute("aria-current", "true");
}
