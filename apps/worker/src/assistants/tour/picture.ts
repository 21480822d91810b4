/** A picture that is drawn by code: a landscape with as many hills as there is progress. `progress`: 0 to 1. */
export function landscape(progress: number): string {
  const hills = Math.max(1, Math.round(progress * 4));
  const paths = Array.from({ length: hills }, (_, index) => hill(index)).join('');
  const blur = Math.round((1 - progress) * 12);
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" width="640" height="400">' +
    '<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#274b7a"/>' +
    `<stop offset="1" stop-color="#f6c99a"/></linearGradient><filter id="b"><feGaussianBlur stdDeviation="${blur}"/></filter></defs>` +
    '<rect width="640" height="400" fill="url(#sky)"/>' +
    `<g filter="url(#b)"><circle cx="470" cy="150" r="46" fill="#fff3d6"/>${paths}</g></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

const COLORS = ['#6f7fa8', '#54698f', '#3a5173', '#233a55'];

function hill(index: number): string {
  const top = 190 + index * 50;
  const [a, b] = [top - 40 + index * 9, top + 46 - index * 7];
  return `<path d="M0 ${top} C 160 ${a}, 320 ${b}, 460 ${top - 18} S 600 ${a + 24}, 640 ${top} V400 H0 Z" fill="${COLORS[index % COLORS.length]}"/>`;
}
