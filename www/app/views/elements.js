// The page's elements, looked up by id once; a missing one is a mistake in index.html and said so at once.

/**
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function element(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`index.html has no ${kind.name} with the id "${id}"`);
  return found;
}

/**
 * A table's heading.
 * @param {"col" | "row"} scope
 * @param {string} text
 */
export function heading(scope, text) {
  const cell = make("th", "", text);
  cell.scope = scope;
  return cell;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
