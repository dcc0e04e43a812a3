"""The whole book on paper: one PDF that Chromium prints from the built site."""
