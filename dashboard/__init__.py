"""The screen: reads through scoped views, places orders, decides nothing."""
