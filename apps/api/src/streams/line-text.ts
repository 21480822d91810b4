/** What a reader who waits is told, in one language. */
interface LineTexts {
  readonly place: (position: number) => string;
  /** No worker is there: what people are told, and what the operator. */
  readonly nobody: string;
  readonly noWorker: string;
}

const START = 'npm run start:worker';

const TEXTS = {
  en: {
    place: (position) => `You are number ${position} in line.`,
    nobody: 'Nobody can answer right now. Your message waits, and is answered as soon as that changes.',
    noWorker: `No worker is running, so your message waits. Start one: ${START}`,
  },
  de: {
    place: (position) => `Sie sind an Stelle ${position} der Warteschlange.`,
    nobody: 'Gerade kann niemand antworten. Ihre Nachricht wartet und wird beantwortet, sobald sich das ändert.',
    noWorker: `Es läuft kein Worker, darum wartet Ihre Nachricht. So starten Sie einen: ${START}`,
  },
  fr: {
    place: (position) => `Vous êtes en position ${position} dans la file d’attente.`,
    nobody: 'Personne ne peut répondre pour le moment. Votre message attend et recevra une réponse dès que possible.',
    noWorker: `Aucun worker n’est en marche, votre message attend donc. Pour en lancer un : ${START}`,
  },
  es: {
    place: (position) => `Está en la posición ${position} de la cola.`,
    nobody: 'Nadie puede responder en este momento. Su mensaje espera y se responderá en cuanto eso cambie.',
    noWorker: `No hay ningún worker en marcha, por eso su mensaje espera. Para iniciar uno: ${START}`,
  },
  ja: {
    place: (position) => `順番待ちの ${position} 番目です。`,
    nobody: '現在、応答できるものがありません。メッセージは保留され、応答できるようになり次第回答されます。',
    noWorker: `ワーカーが動いていないため、メッセージは待機しています。起動するには: ${START}`,
  },
  ar: {
    place: (position) => `أنت في المرتبة ${position} في الانتظار.`,
    nobody: 'لا يوجد من يجيب الآن. رسالتك في الانتظار وسيُجاب عنها حالما يتغير ذلك.',
    noWorker: `لا يعمل أي عامل (worker)، لذلك تنتظر رسالتك. لتشغيل واحد: ${START}`,
  },
} satisfies Readonly<Record<string, LineTexts>>;

type Language = keyof typeof TEXTS;

/** In the language of the request that we have the texts in; English otherwise. `languages`: an `Accept-Language` header. */
export const lineTexts = (languages: string | undefined): LineTexts => TEXTS[languageOf(languages)];

const isKnown = (language: string): language is Language => Object.hasOwn(TEXTS, language);

/** The one with the highest weight among those that there are texts in; of equal ones the first. */
function languageOf(header = ''): Language {
  const wanted = header.split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { language: range.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight) || 0 };
  });
  const heaviest = wanted.filter(({ weight }) => weight > 0).toSorted((one, other) => other.weight - one.weight);
  return heaviest.map(({ language }) => language).find(isKnown) ?? 'en';
}
