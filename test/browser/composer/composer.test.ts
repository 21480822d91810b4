import { describe, expect, it as base } from 'vitest';
import { until } from '../../support/chat.js';
import { chromiumMissing, FAKE_MICROPHONE, useChromium } from '../../support/chromium.js';
import { oneEngine } from '../../support/one-engine.js';
import { useProvider } from '../../support/provider.js';
import { useRelay } from '../../support/relay.js';
import { assertAccessible } from '../axe.js';
import { assertQuiet, newVisit } from '../chat-page.js';
import { ComposerPage, CONFIG } from './composer-page.js';

const REFUSE_MICROPHONE = `navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));`;

describe.skipIf(chromiumMissing).each(oneEngine('postgres'))('the composer: %s', (engine) => {
  const browser = useChromium(...FAKE_MICROPHONE);
  const provider = useProvider();
  const relay = useRelay(engine, () => ({
    variables: { AUTH_MODE: 'none', CHATKIT_CONFIG: CONFIG, OPENAI_URL: provider.url, UPLOAD: 'two_phase' },
  }));
  const it = base
    .extend('visit', async ({ onTestFinished }) => {
      const visit = await newVisit(browser, relay.url);
      onTestFinished(async () => {
        await visit.context.close();
        assertQuiet(visit);
      });
      return visit;
    })
    .extend('chat', ({ visit }) => new ComposerPage(visit.page).open());

  const modelsAsked = async (): Promise<string[]> => (await provider.calls()).map(({ model }) => model);

  const newestAssistant = async (): Promise<unknown> => {
    const [run] = await relay.query('SELECT assistant_id FROM runs ORDER BY created_at DESC LIMIT 1');
    return run?.['assistant_id'];
  };

  describe('drafts', () => {
    it('are kept for each conversation, also after a reload, and go with the message', async ({ chat, visit }) => {
      await provider.script([{ text: 'Hello.' }, { text: 'Again.' }]);
      await chat.ask('First');
      await chat.field.fill('for the first');
      await chat.newChat();
      expect(await chat.field.inputValue()).toBe('');
      await chat.field.fill('for a new one');
      await chat.threads.getByText('First').click();
      await until('its draft', 5_000, async () => (await chat.field.inputValue()) === 'for the first');
      await visit.page.reload();
      await chat.field.waitFor();
      expect(await chat.field.inputValue()).toBe('for the first');
      await chat.newChat();
      expect(await chat.field.inputValue()).toBe('for a new one');
      await chat.ask('for a new one');
      await chat.newChat();
      expect(await chat.field.inputValue()).toBe('');
    });

    it('that are written while the first answer begins belong to its conversation', async ({ chat, visit }) => {
      await provider.script([{ text: 'one two', deltas: ['one ', 'two'], delay_ms: 400 }]);
      await chat.send('Begin');
      await chat.field.fill('next question');
      await chat.answers.getByRole('button', { name: 'Copy answer' }).waitFor();
      expect(await chat.field.inputValue()).toBe('next question');
      await chat.newChat();
      expect(await chat.field.inputValue()).toBe('');
      await chat.threads.getByText('Begin').first().click();
      expect(await chat.field.inputValue()).toBe('next question');
      await visit.page.reload();
      await chat.field.waitFor();
      expect(await chat.field.inputValue()).toBe('next question');
    });

    it('survive a reload while the server cannot be reached', async ({ chat, visit }) => {
      await visit.page.route('**/chatkit*', (route) => route.abort());
      await chat.send('Lost?');
      await visit.page.getByRole('alert').waitFor();
      await visit.page.unroute('**/chatkit*');
      await visit.page.reload();
      await chat.field.waitFor();
      expect(await chat.field.inputValue()).toBe('Lost?');
      await provider.script([{ text: 'Found.' }]);
      await chat.sendButton.click();
      await chat.answers.getByText('Found.').waitFor();
      await visit.page.reload();
      await chat.answers.getByText('Found.').waitFor();
      expect(await chat.field.inputValue()).toBe('');
      visit.problems.splice(0);
    });
  });

  describe('dictation', () => {
    it('puts what was said where the cursor is, with the codec named to the assistant', async ({ chat, visit }) => {
      await chat.field.fill('I said: ');
      await visit.page.getByRole('button', { name: 'Dictate' }).click();
      await visit.page.getByRole('timer', { name: 'Recording' }).getByText('0:01').waitFor();
      await assertAccessible(visit.page, 'dictation');
      const heights = await visit.page.evaluate<string[]>(
        `[...document.querySelectorAll('.level-meter i')].map((bar) => bar.style.blockSize)`,
      );
      expect(new Set(heights).size).toBeGreaterThan(2);
      await visit.page.getByRole('button', { name: 'Insert what was said' }).click();
      await until('the text', 10_000, async () => (await chat.field.inputValue()) !== 'I said: ');
      expect(await chat.field.inputValue()).toBe('I said: a lot of audio/webm;codecs=opus');
      expect(await visit.page.evaluate('document.activeElement.id')).toBe('message');
    });

    it('can be cancelled, also while the text is awaited', async ({ chat, visit }) => {
      const cancel = visit.page.getByRole('button', { name: 'Cancel the dictation' });
      await visit.page.getByRole('button', { name: 'Dictate' }).click();
      await visit.page.getByRole('timer').waitFor();
      await cancel.click();
      await visit.page.route('**/chatkit*', () => undefined);
      await visit.page.getByRole('button', { name: 'Dictate' }).click();
      await visit.page.getByRole('timer').waitFor();
      await visit.page.getByRole('button', { name: 'Insert what was said' }).click();
      await visit.page.getByText('Turning speech into text…').waitFor();
      await visit.page.keyboard.press('Escape');
      await chat.sendButton.waitFor();
      expect(await chat.field.inputValue()).toBe('');
      expect(await visit.page.getByRole('alert').count()).toBe(0);
    });

    it('ends by itself when it is as long as it may be, and says so', async ({ chat, visit }) => {
      await visit.page.getByRole('button', { name: 'Dictate' }).click();
      await visit.page.getByText('The recording reached its longest length.').waitFor({ timeout: 30_000 });
      expect(await chat.field.inputValue()).toBe('a lot of audio/webm;codecs=opus');
    });

    it('says that the microphone is not allowed', async ({ chat, visit }) => {
      await visit.page.evaluate(REFUSE_MICROPHONE);
      await visit.page.getByRole('button', { name: 'Dictate' }).click();
      await visit.page.getByRole('alert').getByText('The microphone is blocked.').waitFor();
      await visit.page.getByRole('button', { name: 'Dismiss' }).click();
      expect(await visit.page.getByRole('alert').count()).toBe(0);
      await chat.field.waitFor();
    });

    it('is not offered by an assistant that cannot', async ({ chat, visit }) => {
      await chat.choose(/^Assistant/, 'Poet');
      expect(await visit.page.getByRole('button', { name: 'Dictate' }).count()).toBe(0);
    });
  });

  describe('what answers', () => {
    it('is the model that was searched and chosen by the keyboard', async ({ chat, visit }) => {
      await provider.script([{ text: 'I am alpha.' }]);
      const { keyboard } = visit.page;
      await visit.page.getByRole('button', { name: /^Model/ }).focus();
      await keyboard.press('Enter');
      await visit.page.getByRole('combobox', { name: 'Search models' }).waitFor();
      await keyboard.type('alpha');
      expect(await visit.page.getByRole('option').count()).toBe(3);
      await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
      expect(await visit.page.evaluate('document.activeElement.textContent')).toBe('alpha-2');
      await chat.ask('Who are you?');
      expect(await modelsAsked()).toEqual(['alpha-2']);

      await visit.page.getByRole('button', { name: 'Model: alpha-2' }).click();
      await visit.page.getByRole('combobox', { name: 'Search models' }).waitFor();
      // Here the list lies over nothing that could be pressed.
      await assertAccessible(visit.page, 'the model picker');
      await keyboard.type('nothing like it');
      await visit.page.getByText('No model has this name.').waitFor();
      await keyboard.press('Escape');
      expect(await visit.page.getByRole('option').count()).toBe(0);
    });

    it('is the assistant that was chosen, in this and the next conversation', async ({ chat, visit }) => {
      await provider.script([{ text: 'A verse.' }, { text: 'Another.' }]);
      expect(await chat.field.getAttribute('placeholder')).toBe('Ask the helper');
      await visit.page.getByText('The helper guesses a lot.').waitFor();
      await chat.choose(/^Assistant: Helper/, 'Poet');
      await chat.ask('Say something');
      expect(await newestAssistant()).toBe('poet');
      await visit.page.reload();
      await visit.page.getByRole('button', { name: 'Assistant: Poet' }).waitFor();
      await chat.answers.getByText('A verse.').waitFor();
      await chat.choose(/^Assistant/, 'Helper');
      await chat.ask('And now?');
      expect(await newestAssistant()).toBe('helper');
    });

    it('uses the tool that was chosen, once or until it is given up', async ({ chat, visit }) => {
      await provider.script([{ text: 'Drawn.' }, { text: 'Found.' }, { text: 'Found again.' }]);
      await chat.choose('Tools', 'Draw a picture');
      expect(await chat.field.getAttribute('placeholder')).toBe('What shall I draw?');
      await assertAccessible(visit.page, 'a chosen tool');
      await chat.ask('A house');
      await visit.page.getByText('The tool is draw.').waitFor();
      expect(await visit.page.getByRole('button', { name: 'Do without Draw a picture' }).count()).toBe(0);

      const web = visit.page.getByRole('button', { name: 'Search the web' });
      await web.click();
      await chat.ask('The news');
      await visit.page.getByText('The tool is web.').waitFor();
      expect(await web.getAttribute('aria-pressed')).toBe('true');
      await web.click();
      await chat.ask('Anything');
      expect(await visit.page.getByText('The tool is').count()).toBe(0);
    });
  });

  it('asks about text that was selected in an answer', async ({ chat, visit }) => {
    await provider.script([{ text: 'Roses are red, violets are blue.' }, { text: 'They look blue.' }]);
    await chat.ask('A poem');
    await chat.answers.locator('p').first().selectText();
    await visit.page.getByRole('button', { name: 'Ask about this' }).click();
    await chat.quote.getByText('Roses are red').waitFor();
    await assertAccessible(visit.page, 'a quote');
    await visit.page.reload();
    await chat.quote.getByText('Roses are red').waitFor();
    await chat.answers.getByText('Roses are red').waitFor();
    await chat.ask('Are they?');
    expect(await chat.quote.count()).toBe(0);
    expect(JSON.stringify((await provider.calls())[1]?.input)).toContain('Roses are red, violets are blue.');
    await chat.questions.last().getByText('Roses are red').waitFor();
  });
});
