import OpenAI from 'openai';

// As OPENAI_BASE_URL and OPENAI_API_KEY say: http://127.0.0.1:8000/v1, and any key while the relay runs without auth.
const openai = new OpenAI();

const stream = await openai.chat.completions.create({
  model: 'fast',
  messages: [{ role: 'user', content: 'Say hello.' }],
  stream: true,
  stream_options: { include_usage: true },
});
for await (const { choices, usage } of stream) {
  process.stdout.write(choices[0]?.delta.content ?? '');
  if (usage) process.stdout.write(`\n${usage.total_tokens} tokens\n`);
}
