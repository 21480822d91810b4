import { describe, expect, it } from 'vitest';
import { added, done, event, partsOf } from '../../../../testing/response-events.js';

const preview = (index: number, data: string) =>
  event('image_generation_call.partial_image', { partial_image_index: index, partial_image_b64: data });

describe('images', () => {
  const image = { type: 'image_generation_call', id: 'ig_1', status: 'in_progress' };

  it('have previews and an end', () => {
    const parts = partsOf(
      added(0, image),
      event('image_generation_call.generating'),
      preview(0, 'AAAA'),
      preview(1, 'BBBB'),
      done(0, { ...image, status: 'completed', result: 'CCCC', output_format: 'webp' }),
    );
    expect(parts).toEqual([
      { type: 'image-start', id: 'image-0', callId: 'ig_1' },
      { type: 'image-preview', id: 'image-0', index: 0, mediaType: 'image/png', data: 'AAAA' },
      { type: 'image-preview', id: 'image-0', index: 1, mediaType: 'image/png', data: 'BBBB' },
      { type: 'image-end', id: 'image-0', mediaType: 'image/webp', data: 'CCCC' },
    ]);
  });

  it.each([
    ['was refused', [added(0, image), done(0, { ...image, status: 'failed', result: null })]],
    ['never came', [added(0, image), preview(0, 'AAAA')]],
  ])('fail when the picture %s', (_, events) => {
    expect(partsOf(...events).at(-1)).toEqual({ type: 'image-failed', id: 'image-0' });
  });
});
