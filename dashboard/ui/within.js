// A link of ours that is marked so leads to another page as Streamlit's own do: without loading everything anew.
addEventListener("click", event => {
  const link = event.target.closest?.("a[data-within]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  dispatchEvent(new PopStateEvent("popstate"));
});
