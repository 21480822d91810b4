import type { ComponentType } from 'react';
import { Chart } from './chart/chart.js';
import { Basic, Card, ListView, ListViewItem } from './containers.js';
import { Badge, Caption, Divider, Icon, Image, Label, MarkdownNode, Spacer, Text, Title } from './content.js';
import { Button } from './controls/button.js';
import { Checkbox, RadioGroup } from './controls/choices.js';
import { DatePicker } from './controls/date-picker.js';
import { Select } from './controls/select.js';
import { Input, Textarea } from './controls/text-fields.js';
import type { Kind, Node } from './kind.js';
import { Box, Col, Form, Row, Table, TableCell, TableRow, Transition } from './layout.js';

/** What draws each kind of component: the compiler finds one that is missing. */
export const KINDS: { readonly [K in Kind]: ComponentType<{ readonly node: Node<K> }> } = {
  Basic,
  Card,
  ListView,
  ListViewItem,
  Box,
  Row,
  Col,
  Form,
  Spacer,
  Divider,
  Transition,
  Table,
  'Table.Row': TableRow,
  'Table.Cell': TableCell,
  Text,
  Markdown: MarkdownNode,
  Title,
  Caption,
  Badge,
  Icon,
  Image,
  Label,
  Chart,
  Button,
  Input,
  Textarea,
  Select,
  DatePicker,
  Checkbox,
  RadioGroup,
};
