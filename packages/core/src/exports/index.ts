export { type ExportLine, escapeHtml, FORMATS } from './formats.ts';
export { LINES, MANIFEST, type Manifest } from './manifest.ts';
export { type ExportParts, exportFolder, workExports } from './run.ts';
export { differences, type ExportReport, type LineFault, verifyExport } from './verify.ts';
