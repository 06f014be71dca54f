// A websocket of its own tells the page that it is out of date; then it runs again.
const open = new Map()

function connect(stream, wait = 1000) {
  const { protocol, host } = location
  stream.socket = new WebSocket(`${protocol.replace("http", "ws")}//${host}${stream.address}`)
  stream.socket.onopen = () => (wait = 1000)
  stream.socket.onmessage = () => stream.tell()
  stream.socket.onclose = () => {
    if (stream.over) return
    stream.timer = setTimeout(() => connect(stream, Math.min(2 * wait, 30000)), wait)
  }
}

function close(stream) {
  stream.over = true
  clearTimeout(stream.timer)
  stream.socket.close()
  open.delete(stream.address)
}

// Streamlit keeps the place of a side bar that has become empty until the page runs once more.
function leaveSideBar(stream, tries = 5) {
  if (stream.over || !tries || !document.querySelector("[data-testid=stSidebar]")) return
  stream.tell()
  setTimeout(() => leaveSideBar(stream, tries - 1), 1000)
}

export default function ({ data, setTriggerValue }) {
  for (const stream of open.values()) if (stream.address !== data.address) close(stream)
  let stream = open.get(data.address)
  if (!stream) {
    stream = { address: data.address }
    open.set(data.address, stream)
    connect(stream)
  }
  stream.tell = () => setTriggerValue("changed", Date.now())
  if (data.presenting && !stream.presenting) setTimeout(() => leaveSideBar(stream), 200)
  stream.presenting = data.presenting
  return () => close(stream)
}
