import { defineAssistant } from 'chatkit-relay/assistants';

const PAGES = [
  { title: 'Holidays', text: 'Everybody has 30 days of holiday a year.', url: 'https://handbook.example/holidays' },
  { title: 'Travel', text: 'Trains are booked in second class.', url: 'https://handbook.example/travel' },
  { title: 'Sick leave', text: 'Call before ten in the morning.', url: 'https://handbook.example/sick-leave' },
];

/** In place of a search in your own index: the pages that share a word with the question. */
function search(question) {
  const words = question.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  return PAGES.filter(({ title, text }) => words.some((word) => `${title} ${text}`.toLowerCase().includes(word)));
}

export default defineAssistant({
  instructions: 'You answer questions about the handbook. Say so when it does not hold the answer.',

  // Each document is numbered for the model; `[1]` in its answer becomes a citation that the page can show.
  async documents(ctx, { items }) {
    const question = items.findLast(({ type }) => type === 'user_message');
    const text = question?.content.map((part) => part.text).join('') ?? '';
    await ctx.progress('Looking into the handbook …', 'book-open');
    return search(text);
  },
});
