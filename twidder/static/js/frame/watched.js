/** Is anybody looking at this page? */
export const pageIsWatched = () => !document.hidden && document.hasFocus();
