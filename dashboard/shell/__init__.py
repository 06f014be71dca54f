"""What all pages share: who is looking, frame, side bar, acting, watching. Parts, pages and `app.py` come in."""
