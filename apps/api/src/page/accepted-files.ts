const SOURCES =
  '.c .cc .cpp .cs .dart .ex .go .h .hpp .hs .java .kt .lua .php .pl .ps1 .py .r .rb .rs .scala .sh .sql .swift .ts .tsx .vue';

/**
 * What a composer offers to attach: types whose content models can be given (docs/attachments.md), by the extensions of their
 * files, as `showOpenFilePicker` takes them. The server accepts other files, too; a model is told of those by their names only.
 */
export const ACCEPTED_FILES: Readonly<Record<string, readonly string[]>> = {
  'image/jpeg': ['.jpg', '.jpeg'],
  'image/png': ['.png'],
  'image/gif': ['.gif'],
  'image/webp': ['.webp'],
  'image/avif': ['.avif'],
  'image/tiff': ['.tif', '.tiff'],
  'image/svg+xml': ['.svg'],
  'image/heic': ['.heic'],
  'image/heif': ['.heif'],
  'application/pdf': ['.pdf'],
  'text/plain': ['.txt', '.log', '.ini', '.conf', '.env'],
  'text/markdown': ['.md', '.markdown'],
  'text/csv': ['.csv'],
  'text/tab-separated-values': ['.tsv'],
  'text/html': ['.html', '.htm'],
  'text/css': ['.css'],
  'text/javascript': ['.js', '.mjs', '.cjs', '.jsx'],
  'text/x-source': SOURCES.split(' '),
  'application/json': ['.json', '.jsonl', '.ndjson'],
  'application/xml': ['.xml'],
  'application/yaml': ['.yaml', '.yml'],
  'application/toml': ['.toml'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['.docx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['.pptx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['.xlsx'],
};
