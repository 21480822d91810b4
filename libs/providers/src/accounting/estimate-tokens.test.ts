import { readFileSync } from 'node:fs';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { say } from '../testing/prompts.js';
import { estimateInputTokens, estimateTextTokens } from './estimate-tokens.js';

const fileOf = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

const TEXTS: Readonly<Record<string, string>> = {
  English:
    'I would like to book a table for four people on Friday evening, preferably near the window. Could you also tell me ' +
    'whether the restaurant offers vegetarian dishes, and if there is parking close by? Thanks a lot!',
  German:
    'Ich möchte gern für Freitagabend einen Tisch für vier Personen bestellen, am liebsten am Fenster. Könnten Sie mir ' +
    'außerdem sagen, ob es vegetarische Gerichte gibt und ob man in der Nähe parken kann?',
  French:
    'Je voudrais réserver une table pour quatre personnes vendredi soir, de préférence près de la fenêtre. Pourriez-vous ' +
    "aussi me dire si le restaurant propose des plats végétariens et s'il est possible de se garer à proximité ?",
  Spanish:
    'Quisiera reservar una mesa para cuatro personas el viernes por la noche, a ser posible cerca de la ventana. ¿Me ' +
    'podría decir también si hay platos vegetarianos y si se puede aparcar cerca?',
  Russian:
    'Я хотел бы заказать столик на четверых в пятницу вечером, желательно у окна. Не могли бы вы также сказать, есть ли ' +
    'вегетарианские блюда и можно ли поблизости оставить машину?',
  Greek: 'Θα ήθελα να κλείσω ένα τραπέζι για τέσσερα άτομα την Παρασκευή το βράδυ, κατά προτίμηση κοντά στο παράθυρο.',
  Arabic: 'أود حجز طاولة لأربعة أشخاص مساء يوم الجمعة، ويفضل أن تكون بالقرب من النافذة. هل توجد أطباق نباتية؟',
  Hindi: 'मैं शुक्रवार की शाम चार लोगों के लिए एक मेज़ बुक करना चाहता हूँ, हो सके तो खिड़की के पास। क्या शाकाहारी खाना मिलता है?',
  Chinese:
    '我想预订星期五晚上四个人的桌子,最好靠近窗户。另外请问餐厅有没有素食,附近可以停车吗?今天天气很好,我们打算先去公园散步。',
  Japanese:
    '金曜日の夜に四人でテーブルを予約したいのですが、できれば窓の近くをお願いします。ベジタリアン料理はありますか。',
  Korean: '금요일 저녁에 네 명이 앉을 자리를 예약하고 싶습니다. 가능하면 창가 자리로 부탁드립니다. 채식 요리도 있나요?',
  'a page of Markdown': fileOf('docs/providers/policies.md'),
  TypeScript: fileOf('libs/providers/src/registry.ts'),
  JSON: fileOf('package.json'),
  'JSON on one line': JSON.stringify(JSON.parse(fileOf('package.json'))),
  numbers: Array.from({ length: 100 }, (_, index) => index * 245_489).join(', '),
};

describe('an estimate of tokens', () => {
  it.each(Object.entries(TEXTS))('is within a quarter of what OpenAI’s tokenizer says: %s', (_, text) => {
    const share = estimateTextTokens(text) / countTokens(text);
    expect(share).toBeGreaterThan(0.75);
    expect(share).toBeLessThan(1.25);
  });

  it('of nothing is nothing, and of anything is something', () => {
    expect(estimateTextTokens('')).toBe(0);
    for (const text of ['a', '1', '.', '\n', '字', '🙂', '\ud800', '\u0000']) {
      expect(estimateTextTokens(text)).toBeGreaterThan(0);
    }
  });

  it('of a call counts all that it says, and pictures and files by number', () => {
    const words = 'word '.repeat(100);
    const base = estimateInputTokens(say('hi'));
    const call = say('hi');
    const longer = [
      { ...call, prompt: [{ role: 'system', content: words } as const, ...call.prompt] },
      { ...call, documents: [{ text: words }] },
      { ...call, tools: [{ name: 'f', description: words, parameters: {} }] },
      {
        prompt: [
          ...call.prompt,
          { role: 'assistant', content: [{ type: 'tool-call', callId: 'c', name: 'f', arguments: words }] } as const,
        ],
      },
      {
        prompt: [
          ...call.prompt,
          { role: 'tool', content: [{ type: 'tool-result', callId: 'c', name: 'f', output: words }] } as const,
        ],
      },
    ];
    for (const one of longer) expect(estimateInputTokens(one)).toBeGreaterThanOrEqual(base + 100);
    const data = { type: 'base64', data: 'A'.repeat(1_000_000) } as const;
    const picture = { type: 'image', mediaType: 'image/png', data } as const;
    const file = { type: 'file', mediaType: 'application/pdf', data } as const;
    expect(estimateInputTokens({ prompt: [{ role: 'user', content: [picture] }] })).toBe(1_004);
    expect(estimateInputTokens({ prompt: [{ role: 'user', content: [file] }] })).toBe(3_004);
  });
});
