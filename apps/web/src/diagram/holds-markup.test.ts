import { expect, it } from 'vitest';
import { holdsMarkup } from './holds-markup.js';

it.each([
  ['flowchart LR\n  A --> B', false],
  ['flowchart LR\n  A <--> B', false],
  ['flowchart LR\n  A["one<br/>two <b>bold</b>"] --> B', false],
  ['classDiagram\n  class Shape\n  <<interface>> Shape\n  Animal <|-- Duck', false],
  ['stateDiagram-v2\n  state choice <<choice>>', false],
  ['flowchart LR\n  A["<img src=x onerror=alert(1)>"]', true],
  ['flowchart LR\n  A["<<img src=x onerror=alert(1)>"]', true],
  ['flowchart LR\n  A["<<img src=x onerror=alert(1)>>"]', true],
  ['flowchart LR\n  A["<<<img src=x onerror=alert(1)>>"]', true],
  ['flowchart LR\n  A["<<a>><img src=x>"]', true],
  ['flowchart LR\n  A["<b onclick=alert(1)>"]', true],
  ['flowchart LR\n  A["<<script>>alert(1)<</script>>"]', true],
  ['flowchart LR\n  A["<!-- -->"]', true],
])('%j: %s', (source, holds) => {
  expect(holdsMarkup(source)).toBe(holds);
});
