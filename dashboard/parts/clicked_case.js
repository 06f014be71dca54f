// Goes to another page as one entry of the browser's history: switching on the server would leave two.

export default function ({ data }) {
  const address = new URL(data.address, location.href) // beside this page, also below a sub-path
  if (address.href === location.href) return
  history.pushState({}, "", address)
  dispatchEvent(new PopStateEvent("popstate", { state: {} })) // Streamlit then opens what the address says
}
