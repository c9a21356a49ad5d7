"""The same app in a browser: an address that is checked, a page, and a process for each tab."""
