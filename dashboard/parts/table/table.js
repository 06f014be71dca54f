// Draws a table from cells of text. User input is only ever set as text content.

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const LONGEST_WORD = 20; // characters; a longer one may break anywhere, so that it does not widen its column
const FIRST = 10; // cards on a phone, until the others are asked for; the style hides those
const DATE = /^\d\d \w{3} \d{4},/;

// Isolates the text's writing direction.
const isolated = (text) => {
  const made = element("bdi", {});
  const [date] = text.match(DATE) ?? [""];
  if (date) made.append(element("span", { class: "whole" }, date));
  made.append(text.slice(date.length));
  if (text.split(/\s/).some((word) => word.length > LONGEST_WORD)) made.className = "long";
  return made;
};

const IN_A_NEW_TAB = { target: "_blank", rel: "noopener", title: "Opens in a new tab" };

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".support-list");
  const drawn = JSON.stringify(data);
  if (root.drawn === drawn) return;
  root.drawn = drawn;
  const focused = root.contains(document.activeElement) && document.activeElement.dataset.sort;

  const heading = ({ key, label, note, sorted }) => {
    if (!key) return element("th", { role: "columnheader", scope: "col", class: "plain" }, label);
    const button = element("button", { type: "button", "data-sort": key }, label);
    if (note) button.append(" ", element("small", {}, note));
    button.onclick = () => setTriggerValue("sort", key);
    const cell = element("th", { role: "columnheader", scope: "col" }, button);
    if (sorted) cell.setAttribute("aria-sort", sorted);
    return cell;
  };

  const content = ({ text = "", note, colour, opens, whole }, row) => {
    const parts = [];
    if (opens) {
      parts.push(element("a", { href: row.link, ...IN_A_NEW_TAB }, isolated(text)));
    } else if (colour) {
      parts.push(element("span", { class: "badge", "data-tone": colour }, isolated(text)));
    } else if (text) {
      parts.push(isolated(text));
      if (whole) parts[0].className = "whole";
    }
    if (note) parts.push(element("small", {}, isolated(note)));
    return parts;
  };

  const kind = ({ text }, n) => (!text ? { class: "empty" } : data.columns[n].label ? {} : { class: "name" });

  const head = element("tr", { role: "row" }, ...data.columns.map(heading));
  const body = data.rows.map((row) =>
    element(
      "tr",
      { role: "row" },
      ...row.cells.map((cell, n) =>
        element("td", { role: "cell", "data-label": data.columns[n].label, ...kind(cell, n) }, ...content(cell, row)),
      ),
    ),
  );
  root.replaceChildren(
    element(
      "table",
      { role: "table", "aria-label": data.name }, // explicit, since cards are no table to a browser
      element("thead", { role: "rowgroup", ...(data.rows.length > 1 ? {} : { class: "unsorted" }) }, head),
      element("tbody", { role: "rowgroup" }, ...body),
    ),
  );
  if (body.length > FIRST) {
    const more = element("button", { type: "button", class: "more" }, `Show ${body.length - FIRST} more`);
    more.onclick = () => {
      root.classList.add("all");
      body[FIRST].tabIndex = -1; // who came by keyboard goes on from there
      body[FIRST].focus();
    };
    root.append(more);
  }
  if (focused) root.querySelector(`[data-sort="${CSS.escape(focused)}"]`)?.focus();
}
