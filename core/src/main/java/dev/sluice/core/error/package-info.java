/**
 * The exceptions of the product. Each carries the exit status that a command ends with; none is
 * caught to be forgotten. Nothing here knows the kernel or a file.
 */
package dev.sluice.core.error;
