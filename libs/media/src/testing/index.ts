import sharp from 'sharp';

/** 64 × 48 pixels, red, the upper left quarter blue; made for these tests. */
export const HEIC = Buffer.from(
  'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERAAAEA' +
    'AQAAAAABoQABAAAAAAAAAFMAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmND' +
    'AQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAA' +
    'AAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAA' +
    'Av////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAFttZGF0AAAATygBrwngIzUt//Hb+99sz/+rwEdO7v1KFaEkv8h1' +
    'b+ORtffo2iqJv/lBHf+S6l3+Tvum9WBt/CJAvjXBBQVSNk9jfoaOAVc8gNwmaQDLfTg=',
  'base64',
);

/** The head of a Windows bitmap of one pixel. */
export const BMP = Buffer.from(
  '424d3a0000000000000036000000280000000100000001000000010018000000000004000000130b0000130b00000000000000000000ffffff00',
  'hex',
);

interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** One colour. */
export const pictureOf = ({ width, height }: PictureSize, background = '#c03020') =>
  sharp({ create: { width, height, channels: 3, background } });

/** Colours at random, which no format makes small; the same ones each time. */
export function noiseOf({ width, height }: PictureSize) {
  const data = Buffer.alloc(width * height * 3);
  for (let index = 0, state = 1; index < data.length; index++)
    data[index] = (state = (state * 48_271) % 2_147_483_647) & 0xff;
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/**
 * A PDF with a text on each page; a page without text for an empty one. ASCII without brackets. `unused`: bytes of an object that no
 * page needs.
 */
export function pdfOf(pages: readonly string[], unused = 0): Buffer {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', '', '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'];
  const kids = pages.map((text) => {
    const lines = text.match(/.{1,40}/g) ?? [];
    // What lies outside of the page is not read: the lines of a long text stand on top of one another.
    const content =
      lines.length > 0 ? `BT /F1 4 Tf 20 100 Td ${lines.map((line) => `(${line}) Tj 0 -0.01 Td`).join(' ')} ET` : '';
    objects.push(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Resources << /Font << /F1 3 0 R >> >> /Contents ${objects.length} 0 R >>`,
    );
    return `${objects.length} 0 R`;
  });
  objects[1] = `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages.length} >>`;
  if (unused > 0) objects.push(`<< /Length ${unused} >>\nstream\n${'x'.repeat(unused)}\nendstream`);
  return Buffer.from(fileOf(objects), 'latin1');
}

function fileOf(objects: readonly string[]): string {
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  return `${file}${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
}
