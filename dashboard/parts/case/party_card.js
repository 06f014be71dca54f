// All text is set as text content: user input is never parsed as HTML.
const played = new Set();

function element(tag, classes, text) {
  const made = document.createElement(tag);
  made.className = classes;
  if (text !== undefined) made.textContent = text;
  return made;
}

function line({ about, was, now }) {
  const made = element("p", "party-line");
  if (about) made.append(element("span", "party-about", about));
  if (was) {
    made.append(element("span", "party-hidden", "before: "));
    made.append(element("s", `party-badge party-was party-badge-${was.colour}`, was.text));
    made.append(element("span", "party-arrow", "→"), element("span", "party-hidden", " now: "));
  }
  made.append(element("strong", `party-badge party-badge-${now.colour}${was ? " party-changed" : ""}`, now.text));
  return made;
}

export default function ({ data, parentElement }) {
  const card = parentElement.querySelector(".party");
  const parts = [element("p", "party-part", data.part), element("h3", "", data.name), ...data.lines.map(line)];
  for (const sentence of data.sentences) parts.push(element("p", "party-say", sentence));
  card.replaceChildren(...parts);
  const plays = data.plays && !played.has(data.plays);
  if (plays) played.add(data.plays);
  card.className = `party party-${data.colour}${data.large ? " party-large" : ""}${plays ? " party-plays" : ""}`;
}
