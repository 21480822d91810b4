import { defineHooks } from 'chatkit-relay/providers';

export default defineHooks({ befor() {} });
