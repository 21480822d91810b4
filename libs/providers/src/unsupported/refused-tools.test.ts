import { afterEach, expect, it } from 'vitest';
import { createProviders } from '../config.js';
import { createRegistry } from '../registry.js';
import { generate } from '../spec/generate.js';
import type { ModelCall } from '../spec/language-model.js';
import { type LocalServer, startLocalServer } from '../testing/local-server.js';
import { noAbort, say } from '../testing/prompts.js';
import { suggestTool } from './suggest-tool.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

const call: ModelCall = {
  ...say('hi'),
  tools: [
    { name: 'f', parameters: { type: 'object' } },
    { name: 'g', parameters: {} },
  ],
};

it('a model that has refused tools gets them in its instructions, and its calls are read in its text', async () => {
  server = await startLocalServer((response, { body }) => {
    if (body['tools']) {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: '"m" does not support tools' }));
      return;
    }
    const message = { role: 'assistant', content: '<tool_call>\n{"name": "f", "arguments": {"a": 1}}\n</tool_call>' };
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.end(
      `${JSON.stringify({ message })}\n${JSON.stringify({ message: { content: '' }, done: true, done_reason: 'stop' })}\n`,
    );
  });
  const registry = createRegistry(createProviders([{ kind: 'ollama', baseUrl: server.url, defaultModel: 'm' }]));
  const answer = await generate(registry.resolve('ollama/m'), call, noAbort());
  expect(answer.toolCalls).toMatchObject([{ name: 'f', arguments: expect.stringContaining('1') as string }]);
  expect(answer.warnings).toMatchObject([{ setting: 'tools' }]);
  expect(server.requests).toHaveLength(2);
  await generate(registry.resolve('ollama/m'), call, noAbort());
  expect(server.requests.map(({ body }) => 'tools' in body)).toEqual([true, false, false]);
});

it.each([
  [{ name: 'f' }, ['f'], 'Be brief.\n\nCall the tool "f" before you answer.'],
  ['required', ['f', 'g'], 'Be brief.\n\nCall one of your tools before you answer.'],
  ['auto', ['f', 'g'], 'Be brief.'],
  ['none', undefined, 'Be brief.'],
] as const)('the choice %j is put into words', (toolChoice, offered, instructions) => {
  const prompt = [{ role: 'system', content: 'Be brief.' }, ...call.prompt] as const;
  const suggested = suggestTool({ ...call, prompt, toolChoice });
  expect(suggested.toolChoice).toBeUndefined();
  expect(suggested.tools?.map(({ name }) => name)).toEqual(offered);
  expect(suggested.prompt).toEqual([{ role: 'system', content: instructions }, ...call.prompt]);
});
