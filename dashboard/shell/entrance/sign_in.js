// Sign-in returns to the first page, so the original link is kept and opened again.
const KEPT = "the link that was opened before signing in"

export default function ({ data }) {
  if (data.leaves) {
    sessionStorage.setItem(KEPT, location.href)
    return
  }
  const kept = sessionStorage.getItem(KEPT)
  sessionStorage.removeItem(KEPT)
  if (!kept) return
  const { pathname, search } = new URL(kept)
  if (search || pathname !== location.pathname) location.replace(kept)
}
