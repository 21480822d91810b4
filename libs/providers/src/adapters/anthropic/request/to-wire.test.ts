import { describe, expect, it } from 'vitest';
import type { CallSettings } from '../../../spec/call-settings.js';
import type { ModelCall } from '../../../spec/language-model.js';
import { say } from '../../../testing/prompts.js';
import { toCount, toWire } from './to-wire.js';

/** A model of each generation: by budget, adaptive on request, adaptive always. */
const BUDGET = 'claude-haiku-4-5';
const ADAPTIVE = 'claude-opus-4-6';
const ALWAYS = 'claude-sonnet-5-5';

// A body of a request is tested as what goes over the wire: without its absent fields.
function bodyOf(call: ModelCall, model = BUDGET) {
  const { body, warnings } = toWire(call, { provider: 'anthropic', model });
  return { body: JSON.parse(JSON.stringify(body)), warnings };
}

function settingsOf(settings: CallSettings, model = BUDGET) {
  const { body, warnings } = bodyOf({ ...say('hi'), settings }, model);
  return { body, refused: warnings.map((warning) => 'setting' in warning && warning.setting) };
}

const withOptions = (anthropic: Record<string, unknown>): ModelCall => ({
  ...say('hi'),
  providerOptions: { anthropic, other: { never: true } },
});

const tool = { name: 'f', description: 'does', parameters: { type: 'object', properties: {} } };

/** A tool loop in which these thoughts led to the call. */
const loop = (thoughts: object[]): ModelCall => ({
  prompt: [
    ...say('hi').prompt,
    {
      role: 'assistant',
      content: [
        ...thoughts.map((thought) => ({ type: 'reasoning', provider: 'anthropic', data: thought }) as never),
        { type: 'tool-call', callId: 'a', name: 'f', arguments: '{}' },
      ],
    },
    { role: 'tool', content: [{ type: 'tool-result', callId: 'a', name: 'f', output: 'ok' }] },
  ],
  settings: { reasoningEffort: 'low' },
});

describe('settings', () => {
  it('has what is needed, and nothing that was not asked for', () => {
    expect(bodyOf(say('hi')).body).toEqual({
      model: BUDGET,
      max_tokens: 8_192,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
      stream: true,
    });
    expect(bodyOf(say('hi'), ALWAYS).body.max_tokens).toBe(32_000);
  });

  it('sends what the wire has a place for', () => {
    const { body, refused } = settingsOf({ maxTokens: 9, temperature: 0, topK: 5, stop: ['END'] });
    expect(body).toMatchObject({ max_tokens: 9, temperature: 0, top_k: 5, stop_sequences: ['END'] });
    expect(settingsOf({ topP: 0.5 }).body.top_p).toBe(0.5);
    expect(refused).toEqual([]);
  });

  it('warns of what it has none for', () => {
    const { body, refused } = settingsOf({ frequencyPenalty: 0, presencePenalty: 0, seed: 0 });
    expect(refused).toEqual(['frequencyPenalty', 'presencePenalty', 'seed']);
    expect(Object.keys(body)).toEqual(['max_tokens', 'model', 'messages', 'stream']);
  });

  it.each([
    [{ temperature: 1.5 }, BUDGET, { temperature: 1 }, ['temperature']],
    [{ temperature: 0.5, topP: 0.5 }, BUDGET, { temperature: 0.5 }, ['topP']],
    [{ temperature: 0, topP: 0.5, topK: 1 }, ADAPTIVE, { temperature: 0, top_k: 1 }, ['topP']],
    [{ temperature: 0, topP: 0.5, topK: 1 }, ALWAYS, {}, ['topP', 'temperature', 'topK']],
    [{ temperature: 1.5 }, ALWAYS, {}, ['temperature']],
    [{ stop: ['\n', 'x'] }, BUDGET, { stop_sequences: ['x'] }, ['stop']],
    [{ stop: [' '] }, BUDGET, {}, ['stop']],
    [{ stop: [] }, BUDGET, {}, []],
  ] as const)('sends of %j to %s what is not refused', (settings, model, sent, refused) => {
    const answer = settingsOf(settings as CallSettings, model);
    const { max_tokens: _, model: __, messages: ___, stream: ____, ...rest } = answer.body;
    expect(rest).toEqual(sent);
    expect(answer.refused.toSorted()).toEqual(refused.toSorted());
  });
});

describe('thinking', () => {
  it.each([
    ['minimal', 1_024],
    ['low', 4_000],
    ['medium', 8_000],
    ['high', 16_000],
    ['xhigh', 23_000],
    ['max', 23_000],
  ] as const)('of %s effort has a budget on top of the limit', (reasoningEffort, budget) => {
    const { body } = settingsOf({ reasoningEffort });
    expect(body.thinking).toEqual({ type: 'enabled', budget_tokens: budget });
    expect(body.max_tokens).toBe(8_192 + budget);
    expect(body.max_tokens).toBeLessThan(32_000);
    expect(settingsOf({ reasoningEffort, maxTokens: 10 }).body.max_tokens).toBe(10 + budget);
  });

  it.each([
    [ADAPTIVE, 'minimal', 'low'],
    [ADAPTIVE, 'max', 'max'],
    [ALWAYS, 'medium', 'medium'],
  ] as const)('is left to %s at %s effort', (model, reasoningEffort, effort) => {
    const { body, refused } = settingsOf({ reasoningEffort, maxTokens: 10 }, model);
    expect(body).toMatchObject({
      max_tokens: 10,
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort },
    });
    expect(refused).toEqual([]);
  });

  it('is off when it is said to be, as far as that can be', () => {
    for (const model of [BUDGET, ADAPTIVE, 'claude-opus-4-8']) {
      const { body, refused } = settingsOf({ reasoningEffort: 'none' }, model);
      expect(body).not.toHaveProperty('thinking');
      expect(body).not.toHaveProperty('output_config');
      expect(refused).toEqual([]);
    }
    for (const [model, type] of [
      [ALWAYS, 'between_tools'],
      ['claude-opus-5', 'disabled'],
      ['claude-sonnet-5', 'disabled'],
      ['claude-haiku-5-5', 'disabled'],
    ] as const) {
      const { body, refused } = settingsOf({ reasoningEffort: 'none' }, model);
      expect([body.thinking, body.output_config, refused]).toEqual([{ type }, undefined, []]);
    }
    const { body, refused } = settingsOf({ reasoningEffort: 'none' }, 'claude-opus-5-5');
    expect(body.output_config).toEqual({ effort: 'low' });
    expect(refused).toEqual(['reasoningEffort']);
  });

  it.each([
    ['claude-opus-4-6', 'xhigh', 'max'],
    ['claude-opus-4-7', 'xhigh', 'xhigh'],
    [ALWAYS, 'max', 'max'],
  ] as const)('of %s at %s effort has the name %s', (model, reasoningEffort, effort) => {
    expect(settingsOf({ reasoningEffort }, model).body.output_config).toEqual({ effort });
  });

  it('is shown between tools where the model says nothing else there', () => {
    const shown = { type: 'adaptive', display: 'summarized' };
    for (const model of [ALWAYS, 'claude-opus-5-5', 'claude-fable-5-1']) {
      expect(bodyOf({ ...say('hi'), tools: [tool] }, model).body.thinking).toEqual(shown);
      expect(bodyOf(say('hi'), model).body).not.toHaveProperty('thinking');
    }
    expect(bodyOf({ ...say('hi'), tools: [tool] }, 'claude-opus-5').body).not.toHaveProperty('thinking');
  });

  it.each([
    ['claude-opus-5', undefined, { type: 'disabled' }, undefined],
    ['claude-opus-5', 'max', { type: 'disabled' }, { effort: 'high' }],
    ['claude-opus-4-8', 'max', undefined, { effort: 'max' }],
  ] as const)('is off for %s at effort %s when a tool must be called', (model, effort, thinking, output) => {
    const settings = effort && { reasoningEffort: effort };
    const { body } = bodyOf(
      { ...say('hi'), tools: [tool], toolChoice: 'required', ...(settings && { settings }) },
      model,
    );
    expect([body.thinking, body.output_config, body.tool_choice]).toEqual([thinking, output, { type: 'any' }]);
  });

  it.each(['required', { name: 'f' }] as const)(
    'and a tool that cannot be forced is asked for in words (%j)',
    (toolChoice) => {
      for (const model of [ALWAYS, 'claude-opus-5.5', 'us.anthropic.claude-opus-5-5-v1:0']) {
        const { body, warnings } = bodyOf({ ...say('hi'), tools: [tool, { ...tool, name: 'g' }], toolChoice }, model);
        expect(body).not.toHaveProperty('tool_choice');
        expect(body.tools).toHaveLength(toolChoice === 'required' ? 2 : 1);
        expect(JSON.stringify(body.system)).toMatch(/Call (one of your tools|the tool .*f)/);
        expect(warnings).toMatchObject([{ setting: 'toolChoice' }]);
      }
    },
  );

  it('leaves no room for sampling', () => {
    const settings = { reasoningEffort: 'low', temperature: 0, topK: 3, topP: 0.5 } as const;
    const { body, refused } = settingsOf(settings);
    expect(body).not.toHaveProperty('temperature');
    expect(body).not.toHaveProperty('top_k');
    expect(body).not.toHaveProperty('top_p');
    expect(refused.toSorted()).toEqual(['temperature', 'topK', 'topP']);
    expect(settingsOf({ reasoningEffort: 'low', topP: 0.95 }).body.top_p).toBe(0.95);
  });

  it.each(['required', { name: 'f' }] as const)('is left out when a tool must be called (%j)', (toolChoice) => {
    const call = { ...say('hi'), tools: [tool], toolChoice, settings: { reasoningEffort: 'low' } } as const;
    const { body, warnings } = bodyOf(call);
    expect(body).not.toHaveProperty('thinking');
    expect(body.max_tokens).toBe(8_192);
    expect(warnings).toMatchObject([{ setting: 'reasoningEffort' }]);
    expect(bodyOf(call, ALWAYS).body).toMatchObject({ output_config: { effort: 'low' } });
    expect(bodyOf({ ...call, toolChoice: 'auto' }).body).toHaveProperty('thinking');
  });

  it('does not begin in the middle of a tool loop, except where the model decides', () => {
    expect(bodyOf(loop([{ type: 'thinking', thinking: 'hm', signature: 'sig' }])).body).toHaveProperty('thinking');
    expect(bodyOf(loop([])).body).not.toHaveProperty('thinking');
    expect(bodyOf(loop([])).warnings).toMatchObject([{ setting: 'reasoningEffort' }]);
    expect(bodyOf(loop([]), ADAPTIVE).body).toHaveProperty('thinking');
  });

  it.each([
    ['claude-3-7-sonnet-latest', 'enabled'],
    ['claude-sonnet-4-20250514', 'enabled'],
    ['claude-opus-4-1-20250805', 'enabled'],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'enabled'],
    ['claude-sonnet-4-6', 'adaptive'],
    ['claude-opus-4-7', 'adaptive'],
    ['anthropic.claude-opus-5', 'adaptive'],
    ['claude-fable-5', 'adaptive'],
    ['deepseek-chat', 'enabled'],
  ])('of %s is %s', (model, type) => {
    expect(settingsOf({ reasoningEffort: 'low' }, model).body.thinking.type).toBe(type);
  });
});

describe('options', () => {
  it('go along, but never another model, prompt or mode', () => {
    const evil = { model: 'evil', messages: [], system: 'x', stream: false };
    const { body } = bodyOf(withOptions({ ...evil, service_tier: 'auto', cache_control: { type: 'ephemeral' } }));
    expect(body).toEqual({
      ...bodyOf(say('hi')).body,
      service_tier: 'auto',
      cache_control: { type: 'ephemeral' },
    });
  });

  it('decide about thinking before the effort does', () => {
    const call = withOptions({ thinking: { type: 'enabled', budget_tokens: 2_000 }, output_config: { effort: 'max' } });
    const { body, warnings } = bodyOf({ ...call, settings: { reasoningEffort: 'high', temperature: 0 } });
    expect(body).toMatchObject({ thinking: { budget_tokens: 2_000 }, output_config: { effort: 'max' } });
    expect(body.max_tokens).toBe(10_192);
    expect(warnings).toMatchObject([{ setting: 'temperature' }]);
    const off = bodyOf({ ...withOptions({ thinking: { type: 'disabled' } }), settings: { temperature: 0 } });
    expect(off.body).toMatchObject({ thinking: { type: 'disabled' }, temperature: 0 });
  });

  it('say more about the output', () => {
    const call = withOptions({ output_config: { format: { type: 'json_schema' } } });
    const { body } = bodyOf({ ...call, settings: { reasoningEffort: 'low' } }, ALWAYS);
    expect(body.output_config).toEqual({ effort: 'low', format: { type: 'json_schema' } });
  });
});

describe('tools', () => {
  const wire = { name: 'f', description: 'does', input_schema: tool.parameters };

  it('are ours, then those that run at the provider', () => {
    const hosted = { type: 'web_search_20250305', name: 'web_search' };
    const { body } = bodyOf({ ...withOptions({ tools: [hosted] }), tools: [tool, { ...tool, strict: true }] });
    expect(body.tools).toEqual([wire, { ...wire, strict: true }, hosted]);
    expect(body).not.toHaveProperty('tool_choice');
  });

  it('have a schema of an object', () => {
    const { body } = bodyOf({ ...say('hi'), tools: [{ name: 'f', parameters: {} }] });
    expect(body.tools).toEqual([{ name: 'f', input_schema: { type: 'object' } }]);
  });

  it.each([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'any' }],
    [{ name: 'f' }, { type: 'tool', name: 'f' }],
  ] as const)('are chosen by %j', (toolChoice, choice) => {
    expect(bodyOf({ ...say('hi'), tools: [tool], toolChoice }).body.tool_choice).toEqual(choice);
  });

  it('can be chosen by the options as well', () => {
    const choice = { type: 'auto', disable_parallel_tool_use: true };
    const call = { ...withOptions({ tool_choice: choice }), tools: [tool], toolChoice: 'required' } as const;
    expect(bodyOf(call).body.tool_choice).toEqual(choice);
  });

  it('are not chosen where there are none', () => {
    const { body } = bodyOf({ ...withOptions({ tool_choice: {}, tools: [] }), tools: [], toolChoice: 'required' });
    expect(body).not.toHaveProperty('tool_choice');
    expect(body).not.toHaveProperty('tools');
  });
});

it('counts what the prompt is made of, and nothing else', () => {
  const settings = { maxTokens: 5, temperature: 0, reasoningEffort: 'low' } as const;
  const call = { ...withOptions({ service_tier: 'auto' }), settings, tools: [tool] };
  const count = toCount(call, { provider: 'anthropic', model: BUDGET });
  expect(Object.keys(JSON.parse(JSON.stringify(count)))).toEqual(['model', 'messages', 'tools', 'thinking']);
});
