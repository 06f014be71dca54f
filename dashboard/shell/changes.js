// A websocket of its own tells the page that it is out of date; then it runs again.
const open = new Map()
const A_CLICK_ARRIVES = 2000 // milliseconds until the run that a click causes has begun
let acted = 0 // when somebody last clicked or pressed a key
let began = 0, ran = 0 // when a run last began, and when one did that this page had not been told to make
let runs = false, told = false

for (const kind of ["pointerdown", "pointerup", "keydown", "popstate"])
  addEventListener(kind, () => (acted = performance.now()), true)

const app = document.querySelector("[data-testid=stApp]")
const rests = () => app.dataset.testScriptState === "notRunning"
new MutationObserver(() => {
  if (!runs && !rests()) {
    began = performance.now()
    if (!told) ran = began
    told = false
  }
  runs = !rests()
}).observe(app, { attributeFilter: ["data-test-script-state"] })

// While a click is on its way, a run for another reason would bring the address of before the click, and undo it.
function run(stream) {
  const since = performance.now()
  clearTimeout(stream.waiting)
  ;(function whenAtRest() {
    if (stream.over || began > since) return // it runs anyway
    if (rests() && (ran > acted || performance.now() - acted > A_CLICK_ARRIVES)) {
      told = true
      stream.tell()
    } else stream.waiting = setTimeout(whenAtRest, 20)
  })()
}

function connect(stream, wait = 1000) {
  const { protocol, host } = location
  stream.socket = new WebSocket(`${protocol.replace("http", "ws")}//${host}${stream.address}`)
  stream.socket.onopen = () => (wait = 1000)
  stream.socket.onmessage = () => run(stream)
  stream.socket.onclose = () => {
    if (stream.over) return
    stream.timer = setTimeout(() => connect(stream, Math.min(2 * wait, 30000)), wait)
  }
}

function close(stream) {
  stream.over = true
  clearTimeout(stream.timer)
  clearTimeout(stream.waiting)
  stream.socket.close()
  open.delete(stream.address)
}

// Streamlit keeps the place of a side bar that has become empty until the page runs once more.
function leaveSideBar(stream, tries = 5) {
  if (stream.over || !stream.presenting || !tries || !document.querySelector("[data-testid=stSidebar]")) return
  run(stream)
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
  const begins = data.presenting && !stream.presenting
  stream.presenting = data.presenting
  if (begins) setTimeout(() => leaveSideBar(stream), 200)
  return () => close(stream)
}
