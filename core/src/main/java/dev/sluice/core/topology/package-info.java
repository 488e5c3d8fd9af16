/**
 * The declared model: immutable records, the strict YAML reader that fills them, and the allocation
 * of what a file leaves out. Pure: no kernel; the reader takes text, not a path. Does not know
 * datapaths.
 */
package dev.sluice.core.topology;
