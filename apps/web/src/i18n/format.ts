import { language } from './texts.js';

export const numberText = (value: number): string => new Intl.NumberFormat(language).format(value);
export const dateText = (date: Date): string => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(date);
