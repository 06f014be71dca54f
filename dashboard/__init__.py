"""The pages of the dashboard, and what they share. Streamlit lives here and nowhere else."""
