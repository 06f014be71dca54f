// Goes to another page as one entry of the browser's history: switching on the server would add two.

export default function ({ data }) {
  const address = new URL(data.address, location.href) // relative to this page, even below a base path
  if (address.href === location.href) return
  history.pushState({}, "", address)
  dispatchEvent(new PopStateEvent("popstate", { state: {} })) // Streamlit then opens the address
}
