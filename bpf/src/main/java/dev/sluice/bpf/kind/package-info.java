/**
 * The kinds of BPF: how objects, their versions and attachments are recognised by their pins and
 * the kernel's ids, made, changed in place and swept.
 */
package dev.sluice.bpf.kind;
