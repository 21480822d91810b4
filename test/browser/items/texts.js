/** A picture as an address. */
export const picture = (colour) =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="320"><rect width="480" height="320" fill="${colour}"/><circle cx="240" cy="160" r="90" fill="#fff"/></svg>`,
  )}`;

export const MARKDOWN = `## Code, formulas, diagrams

The energy is $E = mc^2$, and \\(a^2 + b^2 = c^2\\) holds for $3 or for $5 tickets.

\\[
\\int_0^1 x^2 \\, dx = \\frac{1}{3}
\\]

\`\`\`python
# Counts the words of a file
def count(path: str) -> int:
    with open(path) as file:
        return len(file.read().split())
\`\`\`

\`\`\`mermaid
flowchart LR
  A[Page] --> B(API)
  B --> C{Queue}
  C -->|one| D[Worker]
  C -->|two| E[Worker]
\`\`\`

- [x] a queue
- [ ] a log

| Place | Keeps |
| :-- | --: |
| Queue | 0 |
| Log | 1,000 |

~~Old~~ text with a note.[^1]

[^1]: The note itself.
`;

/** Each of them once blanked a page, ran a script or asked another host somewhere. */
export const HOSTILE = [
  'Here: ![](https://%zz) done',
  '[x](javascript:alert(1)) <img src=x onerror=alert(1)> <script>alert(1)</script>',
  '![t](https://tracker.example.org/pixel.png) ![t](//tracker.example.org/pixel.png)',
  '<https://%> http://[::1 [a](http://[::1) [![](https://%zz)](https://%zz)',
  '$\\href{javascript:alert(1)}{x}$ $\\includegraphics{https://tracker.example.org/a.png}$ $\\def\\x{\\x\\x}\\x$',
  '$$\\rule{1000em}{1000em}$$',
  '```mermaid\nflowchart LR\n  A["<img src=https://tracker.example.org/a.png onerror=alert(1)>"] --> B\n  click B "javascript:alert(1)"\n```',
  '```mermaid\n%%{init: {"securityLevel": "loose", "themeCSS": "* { background: url(https://tracker.example.org/b.png) }"}}%%\nflowchart LR\n  A --> B\n```',
  '```mermaid\nnot a diagram\n```',
  `${'> '.repeat(400)}deep`,
  `${'['.repeat(400)}wide${']'.repeat(400)}`,
  '```constructor\n__proto__\n```',
  '| a |\n|---|\n| ![](https://%zz) |\n\n[^x]\n\n[^x]: ![](https://%zz)',
];
