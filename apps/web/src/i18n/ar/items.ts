import type { items as en } from '../en/items.js';
import { plural } from '../plural.js';

export const items: typeof en = {
  youSaid: 'قلتَ',
  assistantSaid: 'قال المساعد',
  stopped: 'أُوقفت',
  notKept: 'لم تُحفظ',
  copyAnswer: 'نسخ الإجابة',
  copyCode: 'نسخ الشيفرة',
  code: 'شيفرة',
  image: (name) => `صورة: ${name}`,
  unknown: 'لا يمكن عرض جزء من هذه المحادثة في هذه الصفحة.',
  unknownWaits: 'إذا كان المساعد ينتظرك هنا، فاطلب إجابة جديدة أو تابع برسالة.',
  broken: 'تعذّر عرض هذا الجزء. هذا نصه:',
  details: (type) => `عرض ما أرسله الخادم (${type})`,
  toolOfPage: (name) => `المساعد يستخدم هذه الصفحة: ${name}`,
  thinking: 'يفكّر…',
  working: 'يعمل…',
  thoughts: 'خطوات التفكير',
  searching: 'بحث في الويب',
  readingFiles: 'قراءة الملفات',
  makingImage: 'إنشاء صورة',
  queries: 'عبارات البحث',
  generatedImage: 'صورة أنشأها المساعد',
  enlargeImage: 'عرض الصورة كاملة',
  saveImage: 'حفظ الصورة',
  openImage: 'فتح الصورة',
  sources: 'المصادر',
  sourceNumber: (number, name) => `المصدر ${number}: ${name}`,
  steps: (count) =>
    count === 0
      ? 'الخطوات'
      : plural('ar', count, { one: 'خطوة واحدة', two: 'خطوتان', few: '# خطوات', many: '# خطوة', other: '# خطوة' }),
  thoughtFor: (seconds) =>
    `فكّر ${plural('ar', seconds, { zero: '# ثانية', one: 'ثانية واحدة', two: 'ثانيتين', few: '# ثوانٍ', many: '# ثانية', other: '# ثانية' })}`,
  workedFor: (seconds) =>
    `عمل ${plural('ar', seconds, { zero: '# ثانية', one: 'ثانية واحدة', two: 'ثانيتين', few: '# ثوانٍ', many: '# ثانية', other: '# ثانية' })}`,
  saveCode: 'حفظ الشيفرة',
  table: 'جدول',
  formula: 'معادلة',
  diagram: 'رسم تخطيطي',
  showSource: 'المصدر',
  diagramFailed: 'لا يمكن رسم هذا المخطط',
  taskDone: 'تم',
  taskOpen: 'لم يتم بعد',
};
