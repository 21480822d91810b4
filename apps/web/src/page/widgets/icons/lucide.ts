export { icons } from 'lucide';
