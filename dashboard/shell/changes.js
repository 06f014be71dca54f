// A separate websocket tells the page that it is out of date; the page then reruns.
const open = new Map()
const A_CLICK_ARRIVES = 2000 // milliseconds until a click's run has started
let acted = 0 // time of the last click or key press
let began = 0, ran = 0 // times of the last run, and of the last one without a message
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

// While a click is in transit, another run would restore the address from before the click, and undo it.
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

// Streamlit keeps the space of an emptied side bar until the next run of the page.
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
