/** Other than the tags of text, and than the stereotypes of classes and states: `<<interface>>`. */
const MARKUP = /(?!(?<=<)<[\w-]+>>)<(?!\/?(?:b|br|code|em|i|small|strong|sub|sup|u)\s*\/?>)[a-z/!]/i;

/** Whether a label holds markup that Mermaid would put into the page to measure it. */
export const holdsMarkup = (source: string): boolean => MARKUP.test(source);
