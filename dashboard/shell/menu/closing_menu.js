// Streamlit's own border between a phone and a wider window: below it the side bar lies on the page.
const NARROW = "(max-width: 768px)"

export default function ({ data, parentElement }) {
  const bar = (parentElement.host ?? parentElement).closest("[data-testid=stSidebar]")
  if (!bar) return
  const before = bar.dataset.shown // none where the bar is new: it was opened just now
  bar.dataset.shown = data.shown
  if (before && before !== data.shown && matchMedia(NARROW).matches)
    bar.querySelector("[data-testid=stSidebarCollapseButton] button")?.click()
}
