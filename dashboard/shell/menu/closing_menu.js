// Streamlit's own breakpoint: in narrower windows the side bar covers the page.
const NARROW = "(max-width: 768px)"

export default function ({ data, parentElement }) {
  const bar = (parentElement.host ?? parentElement).closest("[data-testid=stSidebar]")
  if (!bar) return
  const before = bar.dataset.shown // undefined if the bar was just opened
  bar.dataset.shown = data.shown
  if (before && before !== data.shown && matchMedia(NARROW).matches)
    bar.querySelector("[data-testid=stSidebarCollapseButton] button")?.click()
}
