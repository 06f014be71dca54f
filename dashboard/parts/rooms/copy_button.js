// Streamlit's own copy button needs HTTPS or localhost; a class on a local network has neither.
async function copied(text) {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text)
      return true
    }
  } catch {} // not allowed; try the older way
  const field = document.createElement("textarea")
  field.value = text
  field.setAttribute("aria-hidden", "true")
  field.style.cssText = "position: fixed; opacity: 0"
  document.body.append(field)
  field.select()
  try {
    return document.execCommand("copy")
  } finally {
    field.remove()
  }
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button")
  button.onclick = async () => {
    const done = await copied(data.text)
    button.textContent = done ? "Copied" : "Select it and press Ctrl+C"
    button.focus()
    setTimeout(() => (button.textContent = "Copy link"), 2000)
  }
}
