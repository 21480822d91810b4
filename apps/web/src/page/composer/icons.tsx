import { Icon } from '../icons.js';

export const AttachIcon = () => (
  <Icon>
    <path d="m15.6 9.5-5.7 5.7a3.6 3.6 0 0 1-5.1-5.1l5.9-5.9a2.4 2.4 0 0 1 3.4 3.4l-5.8 5.8a1.2 1.2 0 0 1-1.7-1.7l5.2-5.2" />
  </Icon>
);
export const MicrophoneIcon = () => (
  <Icon>
    <rect x="7.5" y="3" width="5" height="9" rx="2.5" />
    <path d="M4.8 9.8a5.2 5.2 0 0 0 10.4 0M10 15v2.3" />
  </Icon>
);
export const ToolsIcon = () => (
  <Icon>
    <path d="M3.5 6h6m5 0h2m-13 8h2m5 0h6" />
    <circle cx="12" cy="6" r="2.3" />
    <circle cx="8" cy="14" r="2.3" />
  </Icon>
);
export const ChevronIcon = () => (
  <Icon>
    <path d="m6.5 8.5 3.5 3.5 3.5-3.5" />
  </Icon>
);
export const FileIcon = () => (
  <Icon>
    <path d="M5 4.5A1.5 1.5 0 0 1 6.5 3h4.7L15 6.8v8.7a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 5 15.5Z" />
    <path d="M11 3.2V7h3.8" />
  </Icon>
);
export const DownloadIcon = () => (
  <Icon>
    <path d="M10 3.5v9M6.3 9 10 12.7 13.7 9M4 16.3h12" />
  </Icon>
);
export const QuoteIcon = () => (
  <Icon>
    <path d="M5 5v4.5a3 3 0 0 0 3 3h7m-3-3 3 3-3 3" />
  </Icon>
);
export const DropIcon = () => (
  <Icon>
    <path d="M10 13V4M6.3 7.5 10 3.8l3.7 3.7M4 12.5v2A2 2 0 0 0 6 16.5h8a2 2 0 0 0 2-2v-2" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon>
    <circle cx="9" cy="9" r="4.8" />
    <path d="m12.6 12.6 3.9 3.9" />
  </Icon>
);
