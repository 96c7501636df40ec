/** Of the frame, for what the browser draws around the page: `--canvas` of globals.css. */
export const THEME_COLORS = { light: '#f5f6f9', dark: '#131418' } as const;
