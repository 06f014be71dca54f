"""What all pages share: the viewer, frame, side bar, acting, watching. Parts, pages and `app.py` import it."""
