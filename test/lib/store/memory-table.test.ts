import { describe } from '@jest/globals'
import { MemoryTable } from '../../../lib/store/memory-table.ts'
import { tableContract } from './table-contract.ts'

describe('MemoryTable', () => tableContract(async () => new MemoryTable()))
